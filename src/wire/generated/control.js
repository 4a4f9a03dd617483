/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["control"] || ($protobuf.roots["control"] = {});

export const brine = $root.brine = (() => {

    /**
     * Namespace brine.
     * @exports brine
     * @namespace
     */
    const brine = {};

    brine.control = (function() {

        /**
         * Namespace control.
         * @memberof brine
         * @namespace
         */
        const control = {};

        control.FromRole = (function() {

            /**
             * Properties of a FromRole.
             * @typedef {Object} brine.control.FromRole.$Properties
             * @property {brine.control.Hello.$Properties|null} [hello] FromRole hello
             * @property {brine.control.Progress.$Properties|null} [progress] FromRole progress
             * @property {brine.control.Done.$Properties|null} [done] FromRole done
             * @property {brine.control.Failed.$Properties|null} [failed] FromRole failed
             * @property {brine.control.Stranded.$Properties|null} [stranded] FromRole stranded
             * @property {brine.control.Lost.$Properties|null} [lost] FromRole lost
             * @property {brine.control.AskStatus.$Properties|null} [askStatus] FromRole askStatus
             * @property {"hello"|"progress"|"done"|"failed"|"stranded"|"lost"|"askStatus"} [message] FromRole message
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a FromRole.
             * @memberof brine.control
             * @interface IFromRole
             * @augments brine.control.FromRole.$Properties
             * @deprecated Use brine.control.FromRole.$Properties instead.
             */

            /**
             * Narrowed shape of a FromRole.
             * @typedef {{
             *   hello?: brine.control.Hello.$Shape|null;
             *   progress?: brine.control.Progress.$Shape|null;
             *   done?: brine.control.Done.$Shape|null;
             *   failed?: brine.control.Failed.$Shape|null;
             *   stranded?: brine.control.Stranded.$Shape|null;
             *   lost?: brine.control.Lost.$Shape|null;
             *   askStatus?: brine.control.AskStatus.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ message?: undefined; hello?: null; progress?: null; done?: null; failed?: null; stranded?: null; lost?: null; askStatus?: null }|{ message?: "hello"; hello: brine.control.Hello.$Shape; progress?: null; done?: null; failed?: null; stranded?: null; lost?: null; askStatus?: null }|{ message?: "progress"; hello?: null; progress: brine.control.Progress.$Shape; done?: null; failed?: null; stranded?: null; lost?: null; askStatus?: null }|{ message?: "done"; hello?: null; progress?: null; done: brine.control.Done.$Shape; failed?: null; stranded?: null; lost?: null; askStatus?: null }|{ message?: "failed"; hello?: null; progress?: null; done?: null; failed: brine.control.Failed.$Shape; stranded?: null; lost?: null; askStatus?: null }|{ message?: "stranded"; hello?: null; progress?: null; done?: null; failed?: null; stranded: brine.control.Stranded.$Shape; lost?: null; askStatus?: null }|{ message?: "lost"; hello?: null; progress?: null; done?: null; failed?: null; stranded?: null; lost: brine.control.Lost.$Shape; askStatus?: null }|{ message?: "askStatus"; hello?: null; progress?: null; done?: null; failed?: null; stranded?: null; lost?: null; askStatus: brine.control.AskStatus.$Shape })
             * )} brine.control.FromRole.$Shape
             */

            /**
             * Constructs a new FromRole.
             * @memberof brine.control
             * @classdesc Represents a FromRole.
             * @constructor
             * @param {brine.control.FromRole.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const FromRole = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * FromRole hello.
             * @member {brine.control.Hello.$Properties|null|undefined} hello
             * @memberof brine.control.FromRole
             * @instance
             */
            FromRole.prototype.hello = null;

            /**
             * FromRole progress.
             * @member {brine.control.Progress.$Properties|null|undefined} progress
             * @memberof brine.control.FromRole
             * @instance
             */
            FromRole.prototype.progress = null;

            /**
             * FromRole done.
             * @member {brine.control.Done.$Properties|null|undefined} done
             * @memberof brine.control.FromRole
             * @instance
             */
            FromRole.prototype.done = null;

            /**
             * FromRole failed.
             * @member {brine.control.Failed.$Properties|null|undefined} failed
             * @memberof brine.control.FromRole
             * @instance
             */
            FromRole.prototype.failed = null;

            /**
             * FromRole stranded.
             * @member {brine.control.Stranded.$Properties|null|undefined} stranded
             * @memberof brine.control.FromRole
             * @instance
             */
            FromRole.prototype.stranded = null;

            /**
             * FromRole lost.
             * @member {brine.control.Lost.$Properties|null|undefined} lost
             * @memberof brine.control.FromRole
             * @instance
             */
            FromRole.prototype.lost = null;

            /**
             * FromRole askStatus.
             * @member {brine.control.AskStatus.$Properties|null|undefined} askStatus
             * @memberof brine.control.FromRole
             * @instance
             */
            FromRole.prototype.askStatus = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * FromRole message.
             * @member {"hello"|"progress"|"done"|"failed"|"stranded"|"lost"|"askStatus"|undefined} message
             * @memberof brine.control.FromRole
             * @instance
             */
            $Object.defineProperty(FromRole.prototype, "message", {
                get: $util.oneOfGetter($oneOfFields = ["hello", "progress", "done", "failed", "stranded", "lost", "askStatus"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified FromRole message. Does not implicitly {@link brine.control.FromRole.verify|verify} messages.
             * @function encode
             * @memberof brine.control.FromRole
             * @static
             * @param {brine.control.FromRole.$Properties} message FromRole message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            FromRole.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                    $root.brine.control.Hello.encode(message.hello, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.progress != null && $Object.hasOwnProperty.call(message, "progress"))
                    $root.brine.control.Progress.encode(message.progress, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.done != null && $Object.hasOwnProperty.call(message, "done"))
                    $root.brine.control.Done.encode(message.done, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.failed != null && $Object.hasOwnProperty.call(message, "failed"))
                    $root.brine.control.Failed.encode(message.failed, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.stranded != null && $Object.hasOwnProperty.call(message, "stranded"))
                    $root.brine.control.Stranded.encode(message.stranded, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.lost != null && $Object.hasOwnProperty.call(message, "lost"))
                    $root.brine.control.Lost.encode(message.lost, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.askStatus != null && $Object.hasOwnProperty.call(message, "askStatus"))
                    $root.brine.control.AskStatus.encode(message.askStatus, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a FromRole message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.FromRole
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.FromRole & brine.control.FromRole.$Shape} FromRole
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            FromRole.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.FromRole();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.hello = $root.brine.control.Hello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                            message.message = "hello";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.progress = $root.brine.control.Progress.decode(reader, reader.size(), $undefined, _depth + 1, message.progress);
                            message.message = "progress";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.done = $root.brine.control.Done.decode(reader, reader.size(), $undefined, _depth + 1, message.done);
                            message.message = "done";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.failed = $root.brine.control.Failed.decode(reader, reader.size(), $undefined, _depth + 1, message.failed);
                            message.message = "failed";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.stranded = $root.brine.control.Stranded.decode(reader, reader.size(), $undefined, _depth + 1, message.stranded);
                            message.message = "stranded";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.lost = $root.brine.control.Lost.decode(reader, reader.size(), $undefined, _depth + 1, message.lost);
                            message.message = "lost";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.askStatus = $root.brine.control.AskStatus.decode(reader, reader.size(), $undefined, _depth + 1, message.askStatus);
                            message.message = "askStatus";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for FromRole
             * @function getTypeUrl
             * @memberof brine.control.FromRole
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            FromRole.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.FromRole";
            };

            return FromRole;
        })();

        control.ToRole = (function() {

            /**
             * Properties of a ToRole.
             * @typedef {Object} brine.control.ToRole.$Properties
             * @property {brine.control.Start.$Properties|null} [start] ToRole start
             * @property {brine.control.Stop.$Properties|null} [stop] ToRole stop
             * @property {brine.control.Abandon.$Properties|null} [abandon] ToRole abandon
             * @property {brine.control.Order.$Properties|null} [order] ToRole order
             * @property {brine.control.Status.$Properties|null} [status] ToRole status
             * @property {brine.control.Greet.$Properties|null} [greet] ToRole greet
             * @property {"start"|"stop"|"abandon"|"order"|"status"|"greet"} [message] ToRole message
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ToRole.
             * @memberof brine.control
             * @interface IToRole
             * @augments brine.control.ToRole.$Properties
             * @deprecated Use brine.control.ToRole.$Properties instead.
             */

            /**
             * Narrowed shape of a ToRole.
             * @typedef {{
             *   start?: brine.control.Start.$Shape|null;
             *   stop?: brine.control.Stop.$Shape|null;
             *   abandon?: brine.control.Abandon.$Shape|null;
             *   order?: brine.control.Order.$Shape|null;
             *   status?: brine.control.Status.$Shape|null;
             *   greet?: brine.control.Greet.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ message?: undefined; start?: null; stop?: null; abandon?: null; order?: null; status?: null; greet?: null }|{ message?: "start"; start: brine.control.Start.$Shape; stop?: null; abandon?: null; order?: null; status?: null; greet?: null }|{ message?: "stop"; start?: null; stop: brine.control.Stop.$Shape; abandon?: null; order?: null; status?: null; greet?: null }|{ message?: "abandon"; start?: null; stop?: null; abandon: brine.control.Abandon.$Shape; order?: null; status?: null; greet?: null }|{ message?: "order"; start?: null; stop?: null; abandon?: null; order: brine.control.Order.$Shape; status?: null; greet?: null }|{ message?: "status"; start?: null; stop?: null; abandon?: null; order?: null; status: brine.control.Status.$Shape; greet?: null }|{ message?: "greet"; start?: null; stop?: null; abandon?: null; order?: null; status?: null; greet: brine.control.Greet.$Shape })
             * )} brine.control.ToRole.$Shape
             */

            /**
             * Constructs a new ToRole.
             * @memberof brine.control
             * @classdesc Represents a ToRole.
             * @constructor
             * @param {brine.control.ToRole.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ToRole = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ToRole start.
             * @member {brine.control.Start.$Properties|null|undefined} start
             * @memberof brine.control.ToRole
             * @instance
             */
            ToRole.prototype.start = null;

            /**
             * ToRole stop.
             * @member {brine.control.Stop.$Properties|null|undefined} stop
             * @memberof brine.control.ToRole
             * @instance
             */
            ToRole.prototype.stop = null;

            /**
             * ToRole abandon.
             * @member {brine.control.Abandon.$Properties|null|undefined} abandon
             * @memberof brine.control.ToRole
             * @instance
             */
            ToRole.prototype.abandon = null;

            /**
             * ToRole order.
             * @member {brine.control.Order.$Properties|null|undefined} order
             * @memberof brine.control.ToRole
             * @instance
             */
            ToRole.prototype.order = null;

            /**
             * ToRole status.
             * @member {brine.control.Status.$Properties|null|undefined} status
             * @memberof brine.control.ToRole
             * @instance
             */
            ToRole.prototype.status = null;

            /**
             * ToRole greet.
             * @member {brine.control.Greet.$Properties|null|undefined} greet
             * @memberof brine.control.ToRole
             * @instance
             */
            ToRole.prototype.greet = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * ToRole message.
             * @member {"start"|"stop"|"abandon"|"order"|"status"|"greet"|undefined} message
             * @memberof brine.control.ToRole
             * @instance
             */
            $Object.defineProperty(ToRole.prototype, "message", {
                get: $util.oneOfGetter($oneOfFields = ["start", "stop", "abandon", "order", "status", "greet"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified ToRole message. Does not implicitly {@link brine.control.ToRole.verify|verify} messages.
             * @function encode
             * @memberof brine.control.ToRole
             * @static
             * @param {brine.control.ToRole.$Properties} message ToRole message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ToRole.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.start != null && $Object.hasOwnProperty.call(message, "start"))
                    $root.brine.control.Start.encode(message.start, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.stop != null && $Object.hasOwnProperty.call(message, "stop"))
                    $root.brine.control.Stop.encode(message.stop, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.abandon != null && $Object.hasOwnProperty.call(message, "abandon"))
                    $root.brine.control.Abandon.encode(message.abandon, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.order != null && $Object.hasOwnProperty.call(message, "order"))
                    $root.brine.control.Order.encode(message.order, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
                    $root.brine.control.Status.encode(message.status, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.greet != null && $Object.hasOwnProperty.call(message, "greet"))
                    $root.brine.control.Greet.encode(message.greet, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ToRole message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.ToRole
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.ToRole & brine.control.ToRole.$Shape} ToRole
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ToRole.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.ToRole();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.start = $root.brine.control.Start.decode(reader, reader.size(), $undefined, _depth + 1, message.start);
                            message.message = "start";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.stop = $root.brine.control.Stop.decode(reader, reader.size(), $undefined, _depth + 1, message.stop);
                            message.message = "stop";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.abandon = $root.brine.control.Abandon.decode(reader, reader.size(), $undefined, _depth + 1, message.abandon);
                            message.message = "abandon";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.order = $root.brine.control.Order.decode(reader, reader.size(), $undefined, _depth + 1, message.order);
                            message.message = "order";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.status = $root.brine.control.Status.decode(reader, reader.size(), $undefined, _depth + 1, message.status);
                            message.message = "status";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.greet = $root.brine.control.Greet.decode(reader, reader.size(), $undefined, _depth + 1, message.greet);
                            message.message = "greet";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for ToRole
             * @function getTypeUrl
             * @memberof brine.control.ToRole
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            ToRole.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.ToRole";
            };

            return ToRole;
        })();

        control.Hello = (function() {

            /**
             * Properties of a Hello.
             * @typedef {Object} brine.control.Hello.$Properties
             * @property {string|null} [role] Hello role
             * @property {number|null} [rank] Hello rank
             * @property {string|null} [run] Hello run
             * @property {string|null} [endpoint] Hello endpoint
             * @property {number|null} [pid] Hello pid
             * @property {string|null} [state] Hello state
             * @property {string|null} [began] Hello began
             * @property {boolean|null} [again] Hello again
             * @property {boolean|null} [returns] Hello returns
             * @property {brine.control.Stranded.$Properties|null} [stranded] Hello stranded
             * @property {brine.control.Done.$Properties|null} [done] Hello done
             * @property {brine.control.Saved.$Properties|null} [saved] Hello saved
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Hello.
             * @memberof brine.control
             * @interface IHello
             * @augments brine.control.Hello.$Properties
             * @deprecated Use brine.control.Hello.$Properties instead.
             */

            /**
             * Shape of a Hello.
             * @typedef {brine.control.Hello.$Properties} brine.control.Hello.$Shape
             */

            /**
             * Constructs a new Hello.
             * @memberof brine.control
             * @classdesc Represents a Hello.
             * @constructor
             * @param {brine.control.Hello.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Hello = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Hello role.
             * @member {string} role
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.role = "";

            /**
             * Hello rank.
             * @member {number} rank
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.rank = 0;

            /**
             * Hello run.
             * @member {string} run
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.run = "";

            /**
             * Hello endpoint.
             * @member {string} endpoint
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.endpoint = "";

            /**
             * Hello pid.
             * @member {number} pid
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.pid = 0;

            /**
             * Hello state.
             * @member {string} state
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.state = "";

            /**
             * Hello began.
             * @member {string} began
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.began = "";

            /**
             * Hello again.
             * @member {boolean} again
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.again = false;

            /**
             * Hello returns.
             * @member {boolean} returns
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.returns = false;

            /**
             * Hello stranded.
             * @member {brine.control.Stranded.$Properties|null|undefined} stranded
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.stranded = null;

            /**
             * Hello done.
             * @member {brine.control.Done.$Properties|null|undefined} done
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.done = null;

            /**
             * Hello saved.
             * @member {brine.control.Saved.$Properties|null|undefined} saved
             * @memberof brine.control.Hello
             * @instance
             */
            Hello.prototype.saved = null;

            /**
             * Encodes the specified Hello message. Does not implicitly {@link brine.control.Hello.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Hello
             * @static
             * @param {brine.control.Hello.$Properties} message Hello message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Hello.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.role);
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.rank);
                if (message.run != null && $Object.hasOwnProperty.call(message, "run") && message.run !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.run);
                if (message.endpoint != null && $Object.hasOwnProperty.call(message, "endpoint") && message.endpoint !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.endpoint);
                if (message.pid != null && $Object.hasOwnProperty.call(message, "pid") && message.pid !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.pid);
                if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.state);
                if (message.began != null && $Object.hasOwnProperty.call(message, "began") && message.began !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.began);
                if (message.returns != null && $Object.hasOwnProperty.call(message, "returns") && message.returns !== false)
                    writer.uint32(/* id 8, wireType 0 =*/64).bool(message.returns);
                if (message.stranded != null && $Object.hasOwnProperty.call(message, "stranded"))
                    $root.brine.control.Stranded.encode(message.stranded, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.done != null && $Object.hasOwnProperty.call(message, "done"))
                    $root.brine.control.Done.encode(message.done, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.again != null && $Object.hasOwnProperty.call(message, "again") && message.again !== false)
                    writer.uint32(/* id 11, wireType 0 =*/88).bool(message.again);
                if (message.saved != null && $Object.hasOwnProperty.call(message, "saved"))
                    $root.brine.control.Saved.encode(message.saved, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Hello
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Hello & brine.control.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Hello.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Hello();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rank = value;
                            else
                                delete message.rank;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.run = value;
                            else
                                delete message.run;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.endpoint = value;
                            else
                                delete message.endpoint;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.pid = value;
                            else
                                delete message.pid;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.state = value;
                            else
                                delete message.state;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.began = value;
                            else
                                delete message.began;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.again = value;
                            else
                                delete message.again;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.returns = value;
                            else
                                delete message.returns;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.stranded = $root.brine.control.Stranded.decode(reader, reader.size(), $undefined, _depth + 1, message.stranded);
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.done = $root.brine.control.Done.decode(reader, reader.size(), $undefined, _depth + 1, message.done);
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.saved = $root.brine.control.Saved.decode(reader, reader.size(), $undefined, _depth + 1, message.saved);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Hello
             * @function getTypeUrl
             * @memberof brine.control.Hello
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Hello.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Hello";
            };

            return Hello;
        })();

        control.Start = (function() {

            /**
             * Properties of a Start.
             * @typedef {Object} brine.control.Start.$Properties
             * @property {Array.<brine.control.Peer.$Properties>|null} [peers] Start peers
             * @property {number|null} [generation] Start generation
             * @property {brine.control.Agreement.$Properties|null} [agreement] Start agreement
             * @property {Array.<number>|null} [students] Start students
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Start.
             * @memberof brine.control
             * @interface IStart
             * @augments brine.control.Start.$Properties
             * @deprecated Use brine.control.Start.$Properties instead.
             */

            /**
             * Shape of a Start.
             * @typedef {brine.control.Start.$Properties} brine.control.Start.$Shape
             */

            /**
             * Constructs a new Start.
             * @memberof brine.control
             * @classdesc Represents a Start.
             * @constructor
             * @param {brine.control.Start.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Start = function (properties) {
                this.peers = [];
                this.students = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Start peers.
             * @member {Array.<brine.control.Peer.$Properties>} peers
             * @memberof brine.control.Start
             * @instance
             */
            Start.prototype.peers = $util.emptyArray;

            /**
             * Start generation.
             * @member {number} generation
             * @memberof brine.control.Start
             * @instance
             */
            Start.prototype.generation = 0;

            /**
             * Start agreement.
             * @member {brine.control.Agreement.$Properties|null|undefined} agreement
             * @memberof brine.control.Start
             * @instance
             */
            Start.prototype.agreement = null;

            /**
             * Start students.
             * @member {Array.<number>} students
             * @memberof brine.control.Start
             * @instance
             */
            Start.prototype.students = $util.emptyArray;

            /**
             * Encodes the specified Start message. Does not implicitly {@link brine.control.Start.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Start
             * @static
             * @param {brine.control.Start.$Properties} message Start message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Start.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.peers != null && message.peers.length)
                    for (let i = 0; i < message.peers.length; ++i)
                        $root.brine.control.Peer.encode(message.peers[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.generation);
                if (message.agreement != null && $Object.hasOwnProperty.call(message, "agreement"))
                    $root.brine.control.Agreement.encode(message.agreement, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.students != null && message.students.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).uint32s(message.students);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Start message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Start
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Start & brine.control.Start.$Shape} Start
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Start.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Start();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.peers && message.peers.length))
                                message.peers = [];
                            message.peers.push($root.brine.control.Peer.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.agreement = $root.brine.control.Agreement.decode(reader, reader.size(), $undefined, _depth + 1, message.agreement);
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.students && message.students.length))
                                    message.students = [];
                                reader.uint32s(message.students);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.students && message.students.length))
                                message.students = [];
                            message.students.push(reader.uint32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Start
             * @function getTypeUrl
             * @memberof brine.control.Start
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Start.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Start";
            };

            return Start;
        })();

        control.Agreement = (function() {

            /**
             * Properties of an Agreement.
             * @typedef {Object} brine.control.Agreement.$Properties
             * @property {number|null} [step] Agreement step
             * @property {boolean|null} [evaluated] Agreement evaluated
             * @property {string|null} [donor] Agreement donor
             * @property {number|null} [newcomers] Agreement newcomers
             * @property {string|null} [saved] Agreement saved
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Agreement.
             * @memberof brine.control
             * @interface IAgreement
             * @augments brine.control.Agreement.$Properties
             * @deprecated Use brine.control.Agreement.$Properties instead.
             */

            /**
             * Shape of an Agreement.
             * @typedef {brine.control.Agreement.$Properties} brine.control.Agreement.$Shape
             */

            /**
             * Constructs a new Agreement.
             * @memberof brine.control
             * @classdesc Represents an Agreement.
             * @constructor
             * @param {brine.control.Agreement.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Agreement = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Agreement step.
             * @member {number} step
             * @memberof brine.control.Agreement
             * @instance
             */
            Agreement.prototype.step = 0;

            /**
             * Agreement evaluated.
             * @member {boolean} evaluated
             * @memberof brine.control.Agreement
             * @instance
             */
            Agreement.prototype.evaluated = false;

            /**
             * Agreement donor.
             * @member {string} donor
             * @memberof brine.control.Agreement
             * @instance
             */
            Agreement.prototype.donor = "";

            /**
             * Agreement newcomers.
             * @member {number} newcomers
             * @memberof brine.control.Agreement
             * @instance
             */
            Agreement.prototype.newcomers = 0;

            /**
             * Agreement saved.
             * @member {string} saved
             * @memberof brine.control.Agreement
             * @instance
             */
            Agreement.prototype.saved = "";

            /**
             * Encodes the specified Agreement message. Does not implicitly {@link brine.control.Agreement.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Agreement
             * @static
             * @param {brine.control.Agreement.$Properties} message Agreement message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Agreement.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.step != null && $Object.hasOwnProperty.call(message, "step") && message.step !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.step);
                if (message.evaluated != null && $Object.hasOwnProperty.call(message, "evaluated") && message.evaluated !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.evaluated);
                if (message.donor != null && $Object.hasOwnProperty.call(message, "donor") && message.donor !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.donor);
                if (message.newcomers != null && $Object.hasOwnProperty.call(message, "newcomers") && message.newcomers !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.newcomers);
                if (message.saved != null && $Object.hasOwnProperty.call(message, "saved") && message.saved !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.saved);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Agreement message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Agreement
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Agreement & brine.control.Agreement.$Shape} Agreement
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Agreement.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Agreement();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.step = value;
                            else
                                delete message.step;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.evaluated = value;
                            else
                                delete message.evaluated;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.donor = value;
                            else
                                delete message.donor;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.newcomers = value;
                            else
                                delete message.newcomers;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.saved = value;
                            else
                                delete message.saved;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Agreement
             * @function getTypeUrl
             * @memberof brine.control.Agreement
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Agreement.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Agreement";
            };

            return Agreement;
        })();

        control.Saved = (function() {

            /**
             * Properties of a Saved.
             * @typedef {Object} brine.control.Saved.$Properties
             * @property {number|null} [step] Saved step
             * @property {string|null} [hash] Saved hash
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Saved.
             * @memberof brine.control
             * @interface ISaved
             * @augments brine.control.Saved.$Properties
             * @deprecated Use brine.control.Saved.$Properties instead.
             */

            /**
             * Shape of a Saved.
             * @typedef {brine.control.Saved.$Properties} brine.control.Saved.$Shape
             */

            /**
             * Constructs a new Saved.
             * @memberof brine.control
             * @classdesc Represents a Saved.
             * @constructor
             * @param {brine.control.Saved.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Saved = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Saved step.
             * @member {number} step
             * @memberof brine.control.Saved
             * @instance
             */
            Saved.prototype.step = 0;

            /**
             * Saved hash.
             * @member {string} hash
             * @memberof brine.control.Saved
             * @instance
             */
            Saved.prototype.hash = "";

            /**
             * Encodes the specified Saved message. Does not implicitly {@link brine.control.Saved.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Saved
             * @static
             * @param {brine.control.Saved.$Properties} message Saved message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Saved.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.step != null && $Object.hasOwnProperty.call(message, "step") && message.step !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.step);
                if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.hash);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Saved message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Saved
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Saved & brine.control.Saved.$Shape} Saved
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Saved.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Saved();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.step = value;
                            else
                                delete message.step;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.hash = value;
                            else
                                delete message.hash;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Saved
             * @function getTypeUrl
             * @memberof brine.control.Saved
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Saved.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Saved";
            };

            return Saved;
        })();

        control.Greet = (function() {

            /**
             * Properties of a Greet.
             * @typedef {Object} brine.control.Greet.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Greet.
             * @memberof brine.control
             * @interface IGreet
             * @augments brine.control.Greet.$Properties
             * @deprecated Use brine.control.Greet.$Properties instead.
             */

            /**
             * Shape of a Greet.
             * @typedef {brine.control.Greet.$Properties} brine.control.Greet.$Shape
             */

            /**
             * Constructs a new Greet.
             * @memberof brine.control
             * @classdesc Represents a Greet.
             * @constructor
             * @param {brine.control.Greet.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Greet = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified Greet message. Does not implicitly {@link brine.control.Greet.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Greet
             * @static
             * @param {brine.control.Greet.$Properties} message Greet message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Greet.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Greet message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Greet
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Greet & brine.control.Greet.$Shape} Greet
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Greet.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Greet();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Greet
             * @function getTypeUrl
             * @memberof brine.control.Greet
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Greet.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Greet";
            };

            return Greet;
        })();

        control.AskStatus = (function() {

            /**
             * Properties of an AskStatus.
             * @typedef {Object} brine.control.AskStatus.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AskStatus.
             * @memberof brine.control
             * @interface IAskStatus
             * @augments brine.control.AskStatus.$Properties
             * @deprecated Use brine.control.AskStatus.$Properties instead.
             */

            /**
             * Shape of an AskStatus.
             * @typedef {brine.control.AskStatus.$Properties} brine.control.AskStatus.$Shape
             */

            /**
             * Constructs a new AskStatus.
             * @memberof brine.control
             * @classdesc Represents an AskStatus.
             * @constructor
             * @param {brine.control.AskStatus.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AskStatus = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified AskStatus message. Does not implicitly {@link brine.control.AskStatus.verify|verify} messages.
             * @function encode
             * @memberof brine.control.AskStatus
             * @static
             * @param {brine.control.AskStatus.$Properties} message AskStatus message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AskStatus.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AskStatus message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.AskStatus
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.AskStatus & brine.control.AskStatus.$Shape} AskStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AskStatus.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.AskStatus();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for AskStatus
             * @function getTypeUrl
             * @memberof brine.control.AskStatus
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            AskStatus.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.AskStatus";
            };

            return AskStatus;
        })();

        control.Status = (function() {

            /**
             * Properties of a Status.
             * @typedef {Object} brine.control.Status.$Properties
             * @property {number|null} [generation] Status generation
             * @property {string|null} [state] Status state
             * @property {number|null} [ranks] Status ranks
             * @property {Array.<brine.control.Report.$Properties>|null} [reports] Status reports
             * @property {Array.<string>|null} [missing] Status missing
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Status.
             * @memberof brine.control
             * @interface IStatus
             * @augments brine.control.Status.$Properties
             * @deprecated Use brine.control.Status.$Properties instead.
             */

            /**
             * Shape of a Status.
             * @typedef {brine.control.Status.$Properties} brine.control.Status.$Shape
             */

            /**
             * Constructs a new Status.
             * @memberof brine.control
             * @classdesc Represents a Status.
             * @constructor
             * @param {brine.control.Status.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Status = function (properties) {
                this.reports = [];
                this.missing = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Status generation.
             * @member {number} generation
             * @memberof brine.control.Status
             * @instance
             */
            Status.prototype.generation = 0;

            /**
             * Status state.
             * @member {string} state
             * @memberof brine.control.Status
             * @instance
             */
            Status.prototype.state = "";

            /**
             * Status ranks.
             * @member {number} ranks
             * @memberof brine.control.Status
             * @instance
             */
            Status.prototype.ranks = 0;

            /**
             * Status reports.
             * @member {Array.<brine.control.Report.$Properties>} reports
             * @memberof brine.control.Status
             * @instance
             */
            Status.prototype.reports = $util.emptyArray;

            /**
             * Status missing.
             * @member {Array.<string>} missing
             * @memberof brine.control.Status
             * @instance
             */
            Status.prototype.missing = $util.emptyArray;

            /**
             * Encodes the specified Status message. Does not implicitly {@link brine.control.Status.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Status
             * @static
             * @param {brine.control.Status.$Properties} message Status message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Status.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.generation);
                if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.state);
                if (message.ranks != null && $Object.hasOwnProperty.call(message, "ranks") && message.ranks !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.ranks);
                if (message.reports != null && message.reports.length)
                    for (let i = 0; i < message.reports.length; ++i)
                        $root.brine.control.Report.encode(message.reports[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.missing != null && message.missing.length)
                    for (let i = 0; i < message.missing.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.missing[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Status message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Status
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Status & brine.control.Status.$Shape} Status
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Status.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Status();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.state = value;
                            else
                                delete message.state;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.ranks = value;
                            else
                                delete message.ranks;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.reports && message.reports.length))
                                message.reports = [];
                            message.reports.push($root.brine.control.Report.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.missing && message.missing.length))
                                message.missing = [];
                            message.missing.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Status
             * @function getTypeUrl
             * @memberof brine.control.Status
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Status.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Status";
            };

            return Status;
        })();

        control.Report = (function() {

            /**
             * Properties of a Report.
             * @typedef {Object} brine.control.Report.$Properties
             * @property {string|null} [name] Report name
             * @property {Object.<string,number>|null} [numbers] Report numbers
             * @property {Object.<string,string>|null} [words] Report words
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Report.
             * @memberof brine.control
             * @interface IReport
             * @augments brine.control.Report.$Properties
             * @deprecated Use brine.control.Report.$Properties instead.
             */

            /**
             * Shape of a Report.
             * @typedef {brine.control.Report.$Properties} brine.control.Report.$Shape
             */

            /**
             * Constructs a new Report.
             * @memberof brine.control
             * @classdesc Represents a Report.
             * @constructor
             * @param {brine.control.Report.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Report = function (properties) {
                this.numbers = {};
                this.words = {};
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Report name.
             * @member {string} name
             * @memberof brine.control.Report
             * @instance
             */
            Report.prototype.name = "";

            /**
             * Report numbers.
             * @member {Object.<string,number>} numbers
             * @memberof brine.control.Report
             * @instance
             */
            Report.prototype.numbers = $util.emptyObject;

            /**
             * Report words.
             * @member {Object.<string,string>} words
             * @memberof brine.control.Report
             * @instance
             */
            Report.prototype.words = $util.emptyObject;

            /**
             * Encodes the specified Report message. Does not implicitly {@link brine.control.Report.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Report
             * @static
             * @param {brine.control.Report.$Properties} message Report message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Report.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.numbers != null && $Object.hasOwnProperty.call(message, "numbers"))
                    for (let keys = $Object.keys(message.numbers), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 1 =*/17).double(message.numbers[keys[i]]).ldelim();
                if (message.words != null && $Object.hasOwnProperty.call(message, "words"))
                    for (let keys = $Object.keys(message.words), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.words[keys[i]]).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Report message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Report
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Report & brine.control.Report.$Shape} Report
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Report.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Report();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (message.numbers === $util.emptyObject)
                                message.numbers = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = 0;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 1)
                                        break;
                                    value = reader.double();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.numbers, key);
                            message.numbers[key] = value;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (message.words === $util.emptyObject)
                                message.words = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.words, key);
                            message.words[key] = value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Report
             * @function getTypeUrl
             * @memberof brine.control.Report
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Report.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Report";
            };

            return Report;
        })();

        control.Order = (function() {

            /**
             * Properties of an Order.
             * @typedef {Object} brine.control.Order.$Properties
             * @property {string|null} [role] Order role
             * @property {number|null} [rank] Order rank
             * @property {boolean|null} [kill] Order kill
             * @property {string|null} [endpoint] Order endpoint
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Order.
             * @memberof brine.control
             * @interface IOrder
             * @augments brine.control.Order.$Properties
             * @deprecated Use brine.control.Order.$Properties instead.
             */

            /**
             * Shape of an Order.
             * @typedef {brine.control.Order.$Properties} brine.control.Order.$Shape
             */

            /**
             * Constructs a new Order.
             * @memberof brine.control
             * @classdesc Represents an Order.
             * @constructor
             * @param {brine.control.Order.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Order = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Order role.
             * @member {string} role
             * @memberof brine.control.Order
             * @instance
             */
            Order.prototype.role = "";

            /**
             * Order rank.
             * @member {number} rank
             * @memberof brine.control.Order
             * @instance
             */
            Order.prototype.rank = 0;

            /**
             * Order kill.
             * @member {boolean} kill
             * @memberof brine.control.Order
             * @instance
             */
            Order.prototype.kill = false;

            /**
             * Order endpoint.
             * @member {string} endpoint
             * @memberof brine.control.Order
             * @instance
             */
            Order.prototype.endpoint = "";

            /**
             * Encodes the specified Order message. Does not implicitly {@link brine.control.Order.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Order
             * @static
             * @param {brine.control.Order.$Properties} message Order message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Order.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.role);
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.rank);
                if (message.kill != null && $Object.hasOwnProperty.call(message, "kill") && message.kill !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.kill);
                if (message.endpoint != null && $Object.hasOwnProperty.call(message, "endpoint") && message.endpoint !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.endpoint);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Order message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Order
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Order & brine.control.Order.$Shape} Order
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Order.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Order();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rank = value;
                            else
                                delete message.rank;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.kill = value;
                            else
                                delete message.kill;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.endpoint = value;
                            else
                                delete message.endpoint;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Order
             * @function getTypeUrl
             * @memberof brine.control.Order
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Order.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Order";
            };

            return Order;
        })();

        control.Lost = (function() {

            /**
             * Properties of a Lost.
             * @typedef {Object} brine.control.Lost.$Properties
             * @property {string|null} [role] Lost role
             * @property {number|null} [rank] Lost rank
             * @property {string|null} [how] Lost how
             * @property {boolean|null} [obeyed] Lost obeyed
             * @property {string|null} [hint] Lost hint
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Lost.
             * @memberof brine.control
             * @interface ILost
             * @augments brine.control.Lost.$Properties
             * @deprecated Use brine.control.Lost.$Properties instead.
             */

            /**
             * Shape of a Lost.
             * @typedef {brine.control.Lost.$Properties} brine.control.Lost.$Shape
             */

            /**
             * Constructs a new Lost.
             * @memberof brine.control
             * @classdesc Represents a Lost.
             * @constructor
             * @param {brine.control.Lost.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Lost = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Lost role.
             * @member {string} role
             * @memberof brine.control.Lost
             * @instance
             */
            Lost.prototype.role = "";

            /**
             * Lost rank.
             * @member {number} rank
             * @memberof brine.control.Lost
             * @instance
             */
            Lost.prototype.rank = 0;

            /**
             * Lost how.
             * @member {string} how
             * @memberof brine.control.Lost
             * @instance
             */
            Lost.prototype.how = "";

            /**
             * Lost obeyed.
             * @member {boolean} obeyed
             * @memberof brine.control.Lost
             * @instance
             */
            Lost.prototype.obeyed = false;

            /**
             * Lost hint.
             * @member {string} hint
             * @memberof brine.control.Lost
             * @instance
             */
            Lost.prototype.hint = "";

            /**
             * Encodes the specified Lost message. Does not implicitly {@link brine.control.Lost.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Lost
             * @static
             * @param {brine.control.Lost.$Properties} message Lost message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Lost.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.role);
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.rank);
                if (message.how != null && $Object.hasOwnProperty.call(message, "how") && message.how !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.how);
                if (message.obeyed != null && $Object.hasOwnProperty.call(message, "obeyed") && message.obeyed !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.obeyed);
                if (message.hint != null && $Object.hasOwnProperty.call(message, "hint") && message.hint !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.hint);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Lost message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Lost
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Lost & brine.control.Lost.$Shape} Lost
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Lost.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Lost();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rank = value;
                            else
                                delete message.rank;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.how = value;
                            else
                                delete message.how;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.obeyed = value;
                            else
                                delete message.obeyed;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.hint = value;
                            else
                                delete message.hint;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Lost
             * @function getTypeUrl
             * @memberof brine.control.Lost
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Lost.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Lost";
            };

            return Lost;
        })();

        control.Abandon = (function() {

            /**
             * Properties of an Abandon.
             * @typedef {Object} brine.control.Abandon.$Properties
             * @property {number|null} [generation] Abandon generation
             * @property {boolean|null} [afterStep] Abandon afterStep
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Abandon.
             * @memberof brine.control
             * @interface IAbandon
             * @augments brine.control.Abandon.$Properties
             * @deprecated Use brine.control.Abandon.$Properties instead.
             */

            /**
             * Shape of an Abandon.
             * @typedef {brine.control.Abandon.$Properties} brine.control.Abandon.$Shape
             */

            /**
             * Constructs a new Abandon.
             * @memberof brine.control
             * @classdesc Represents an Abandon.
             * @constructor
             * @param {brine.control.Abandon.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Abandon = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Abandon generation.
             * @member {number} generation
             * @memberof brine.control.Abandon
             * @instance
             */
            Abandon.prototype.generation = 0;

            /**
             * Abandon afterStep.
             * @member {boolean} afterStep
             * @memberof brine.control.Abandon
             * @instance
             */
            Abandon.prototype.afterStep = false;

            /**
             * Encodes the specified Abandon message. Does not implicitly {@link brine.control.Abandon.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Abandon
             * @static
             * @param {brine.control.Abandon.$Properties} message Abandon message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Abandon.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.generation);
                if (message.afterStep != null && $Object.hasOwnProperty.call(message, "afterStep") && message.afterStep !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.afterStep);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Abandon message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Abandon
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Abandon & brine.control.Abandon.$Shape} Abandon
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Abandon.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Abandon();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.afterStep = value;
                            else
                                delete message.afterStep;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Abandon
             * @function getTypeUrl
             * @memberof brine.control.Abandon
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Abandon.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Abandon";
            };

            return Abandon;
        })();

        control.Stranded = (function() {

            /**
             * Properties of a Stranded.
             * @typedef {Object} brine.control.Stranded.$Properties
             * @property {number|null} [generation] Stranded generation
             * @property {number|null} [step] Stranded step
             * @property {boolean|null} [evaluated] Stranded evaluated
             * @property {boolean|null} [summed] Stranded summed
             * @property {boolean|null} [blank] Stranded blank
             * @property {string|null} [endpoint] Stranded endpoint
             * @property {string|null} [why] Stranded why
             * @property {brine.control.Saved.$Properties|null} [saved] Stranded saved
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Stranded.
             * @memberof brine.control
             * @interface IStranded
             * @augments brine.control.Stranded.$Properties
             * @deprecated Use brine.control.Stranded.$Properties instead.
             */

            /**
             * Shape of a Stranded.
             * @typedef {brine.control.Stranded.$Properties} brine.control.Stranded.$Shape
             */

            /**
             * Constructs a new Stranded.
             * @memberof brine.control
             * @classdesc Represents a Stranded.
             * @constructor
             * @param {brine.control.Stranded.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Stranded = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Stranded generation.
             * @member {number} generation
             * @memberof brine.control.Stranded
             * @instance
             */
            Stranded.prototype.generation = 0;

            /**
             * Stranded step.
             * @member {number} step
             * @memberof brine.control.Stranded
             * @instance
             */
            Stranded.prototype.step = 0;

            /**
             * Stranded evaluated.
             * @member {boolean} evaluated
             * @memberof brine.control.Stranded
             * @instance
             */
            Stranded.prototype.evaluated = false;

            /**
             * Stranded summed.
             * @member {boolean} summed
             * @memberof brine.control.Stranded
             * @instance
             */
            Stranded.prototype.summed = false;

            /**
             * Stranded blank.
             * @member {boolean} blank
             * @memberof brine.control.Stranded
             * @instance
             */
            Stranded.prototype.blank = false;

            /**
             * Stranded endpoint.
             * @member {string} endpoint
             * @memberof brine.control.Stranded
             * @instance
             */
            Stranded.prototype.endpoint = "";

            /**
             * Stranded why.
             * @member {string} why
             * @memberof brine.control.Stranded
             * @instance
             */
            Stranded.prototype.why = "";

            /**
             * Stranded saved.
             * @member {brine.control.Saved.$Properties|null|undefined} saved
             * @memberof brine.control.Stranded
             * @instance
             */
            Stranded.prototype.saved = null;

            /**
             * Encodes the specified Stranded message. Does not implicitly {@link brine.control.Stranded.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Stranded
             * @static
             * @param {brine.control.Stranded.$Properties} message Stranded message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Stranded.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.generation);
                if (message.step != null && $Object.hasOwnProperty.call(message, "step") && message.step !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.step);
                if (message.evaluated != null && $Object.hasOwnProperty.call(message, "evaluated") && message.evaluated !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.evaluated);
                if (message.summed != null && $Object.hasOwnProperty.call(message, "summed") && message.summed !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.summed);
                if (message.blank != null && $Object.hasOwnProperty.call(message, "blank") && message.blank !== false)
                    writer.uint32(/* id 5, wireType 0 =*/40).bool(message.blank);
                if (message.endpoint != null && $Object.hasOwnProperty.call(message, "endpoint") && message.endpoint !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.endpoint);
                if (message.why != null && $Object.hasOwnProperty.call(message, "why") && message.why !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.why);
                if (message.saved != null && $Object.hasOwnProperty.call(message, "saved"))
                    $root.brine.control.Saved.encode(message.saved, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Stranded message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Stranded
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Stranded & brine.control.Stranded.$Shape} Stranded
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Stranded.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Stranded();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.step = value;
                            else
                                delete message.step;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.evaluated = value;
                            else
                                delete message.evaluated;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.summed = value;
                            else
                                delete message.summed;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.blank = value;
                            else
                                delete message.blank;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.endpoint = value;
                            else
                                delete message.endpoint;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.why = value;
                            else
                                delete message.why;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.saved = $root.brine.control.Saved.decode(reader, reader.size(), $undefined, _depth + 1, message.saved);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Stranded
             * @function getTypeUrl
             * @memberof brine.control.Stranded
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Stranded.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Stranded";
            };

            return Stranded;
        })();

        control.Peer = (function() {

            /**
             * Properties of a Peer.
             * @typedef {Object} brine.control.Peer.$Properties
             * @property {string|null} [role] Peer role
             * @property {number|null} [rank] Peer rank
             * @property {string|null} [endpoint] Peer endpoint
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Peer.
             * @memberof brine.control
             * @interface IPeer
             * @augments brine.control.Peer.$Properties
             * @deprecated Use brine.control.Peer.$Properties instead.
             */

            /**
             * Shape of a Peer.
             * @typedef {brine.control.Peer.$Properties} brine.control.Peer.$Shape
             */

            /**
             * Constructs a new Peer.
             * @memberof brine.control
             * @classdesc Represents a Peer.
             * @constructor
             * @param {brine.control.Peer.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Peer = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Peer role.
             * @member {string} role
             * @memberof brine.control.Peer
             * @instance
             */
            Peer.prototype.role = "";

            /**
             * Peer rank.
             * @member {number} rank
             * @memberof brine.control.Peer
             * @instance
             */
            Peer.prototype.rank = 0;

            /**
             * Peer endpoint.
             * @member {string} endpoint
             * @memberof brine.control.Peer
             * @instance
             */
            Peer.prototype.endpoint = "";

            /**
             * Encodes the specified Peer message. Does not implicitly {@link brine.control.Peer.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Peer
             * @static
             * @param {brine.control.Peer.$Properties} message Peer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Peer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.role);
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.rank);
                if (message.endpoint != null && $Object.hasOwnProperty.call(message, "endpoint") && message.endpoint !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.endpoint);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Peer message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Peer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Peer & brine.control.Peer.$Shape} Peer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Peer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Peer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rank = value;
                            else
                                delete message.rank;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.endpoint = value;
                            else
                                delete message.endpoint;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Peer
             * @function getTypeUrl
             * @memberof brine.control.Peer
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Peer.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Peer";
            };

            return Peer;
        })();

        control.Stop = (function() {

            /**
             * Properties of a Stop.
             * @typedef {Object} brine.control.Stop.$Properties
             * @property {string|null} [reason] Stop reason
             * @property {boolean|null} [finished] Stop finished
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Stop.
             * @memberof brine.control
             * @interface IStop
             * @augments brine.control.Stop.$Properties
             * @deprecated Use brine.control.Stop.$Properties instead.
             */

            /**
             * Shape of a Stop.
             * @typedef {brine.control.Stop.$Properties} brine.control.Stop.$Shape
             */

            /**
             * Constructs a new Stop.
             * @memberof brine.control
             * @classdesc Represents a Stop.
             * @constructor
             * @param {brine.control.Stop.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Stop = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Stop reason.
             * @member {string} reason
             * @memberof brine.control.Stop
             * @instance
             */
            Stop.prototype.reason = "";

            /**
             * Stop finished.
             * @member {boolean} finished
             * @memberof brine.control.Stop
             * @instance
             */
            Stop.prototype.finished = false;

            /**
             * Encodes the specified Stop message. Does not implicitly {@link brine.control.Stop.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Stop
             * @static
             * @param {brine.control.Stop.$Properties} message Stop message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Stop.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.reason);
                if (message.finished != null && $Object.hasOwnProperty.call(message, "finished") && message.finished !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.finished);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Stop message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Stop
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Stop & brine.control.Stop.$Shape} Stop
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Stop.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Stop();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.finished = value;
                            else
                                delete message.finished;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Stop
             * @function getTypeUrl
             * @memberof brine.control.Stop
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Stop.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Stop";
            };

            return Stop;
        })();

        control.Progress = (function() {

            /**
             * Properties of a Progress.
             * @typedef {Object} brine.control.Progress.$Properties
             * @property {Object.<string,number>|null} [numbers] Progress numbers
             * @property {Object.<string,string>|null} [words] Progress words
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Progress.
             * @memberof brine.control
             * @interface IProgress
             * @augments brine.control.Progress.$Properties
             * @deprecated Use brine.control.Progress.$Properties instead.
             */

            /**
             * Shape of a Progress.
             * @typedef {brine.control.Progress.$Properties} brine.control.Progress.$Shape
             */

            /**
             * Constructs a new Progress.
             * @memberof brine.control
             * @classdesc Represents a Progress.
             * @constructor
             * @param {brine.control.Progress.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Progress = function (properties) {
                this.numbers = {};
                this.words = {};
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Progress numbers.
             * @member {Object.<string,number>} numbers
             * @memberof brine.control.Progress
             * @instance
             */
            Progress.prototype.numbers = $util.emptyObject;

            /**
             * Progress words.
             * @member {Object.<string,string>} words
             * @memberof brine.control.Progress
             * @instance
             */
            Progress.prototype.words = $util.emptyObject;

            /**
             * Encodes the specified Progress message. Does not implicitly {@link brine.control.Progress.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Progress
             * @static
             * @param {brine.control.Progress.$Properties} message Progress message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Progress.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.numbers != null && $Object.hasOwnProperty.call(message, "numbers"))
                    for (let keys = $Object.keys(message.numbers), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 1 =*/17).double(message.numbers[keys[i]]).ldelim();
                if (message.words != null && $Object.hasOwnProperty.call(message, "words"))
                    for (let keys = $Object.keys(message.words), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.words[keys[i]]).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Progress message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Progress
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Progress & brine.control.Progress.$Shape} Progress
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Progress.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Progress();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (message.numbers === $util.emptyObject)
                                message.numbers = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = 0;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 1)
                                        break;
                                    value = reader.double();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.numbers, key);
                            message.numbers[key] = value;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (message.words === $util.emptyObject)
                                message.words = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.words, key);
                            message.words[key] = value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Progress
             * @function getTypeUrl
             * @memberof brine.control.Progress
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Progress.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Progress";
            };

            return Progress;
        })();

        control.Done = (function() {

            /**
             * Properties of a Done.
             * @typedef {Object} brine.control.Done.$Properties
             * @property {Object.<string,number>|null} [numbers] Done numbers
             * @property {Object.<string,string>|null} [words] Done words
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Done.
             * @memberof brine.control
             * @interface IDone
             * @augments brine.control.Done.$Properties
             * @deprecated Use brine.control.Done.$Properties instead.
             */

            /**
             * Shape of a Done.
             * @typedef {brine.control.Done.$Properties} brine.control.Done.$Shape
             */

            /**
             * Constructs a new Done.
             * @memberof brine.control
             * @classdesc Represents a Done.
             * @constructor
             * @param {brine.control.Done.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Done = function (properties) {
                this.numbers = {};
                this.words = {};
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Done numbers.
             * @member {Object.<string,number>} numbers
             * @memberof brine.control.Done
             * @instance
             */
            Done.prototype.numbers = $util.emptyObject;

            /**
             * Done words.
             * @member {Object.<string,string>} words
             * @memberof brine.control.Done
             * @instance
             */
            Done.prototype.words = $util.emptyObject;

            /**
             * Encodes the specified Done message. Does not implicitly {@link brine.control.Done.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Done
             * @static
             * @param {brine.control.Done.$Properties} message Done message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Done.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.numbers != null && $Object.hasOwnProperty.call(message, "numbers"))
                    for (let keys = $Object.keys(message.numbers), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 1 =*/17).double(message.numbers[keys[i]]).ldelim();
                if (message.words != null && $Object.hasOwnProperty.call(message, "words"))
                    for (let keys = $Object.keys(message.words), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.words[keys[i]]).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Done message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Done
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Done & brine.control.Done.$Shape} Done
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Done.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Done();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (message.numbers === $util.emptyObject)
                                message.numbers = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = 0;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 1)
                                        break;
                                    value = reader.double();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.numbers, key);
                            message.numbers[key] = value;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (message.words === $util.emptyObject)
                                message.words = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.words, key);
                            message.words[key] = value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Done
             * @function getTypeUrl
             * @memberof brine.control.Done
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Done.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Done";
            };

            return Done;
        })();

        control.Failed = (function() {

            /**
             * Properties of a Failed.
             * @typedef {Object} brine.control.Failed.$Properties
             * @property {string|null} [code] Failed code
             * @property {string|null} [message] Failed message
             * @property {string|null} [hint] Failed hint
             * @property {string|null} [role] Failed role
             * @property {number|null} [rank] Failed rank
             * @property {string|null} [run] Failed run
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Failed.
             * @memberof brine.control
             * @interface IFailed
             * @augments brine.control.Failed.$Properties
             * @deprecated Use brine.control.Failed.$Properties instead.
             */

            /**
             * Shape of a Failed.
             * @typedef {brine.control.Failed.$Properties} brine.control.Failed.$Shape
             */

            /**
             * Constructs a new Failed.
             * @memberof brine.control
             * @classdesc Represents a Failed.
             * @constructor
             * @param {brine.control.Failed.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Failed = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Failed code.
             * @member {string} code
             * @memberof brine.control.Failed
             * @instance
             */
            Failed.prototype.code = "";

            /**
             * Failed message.
             * @member {string} message
             * @memberof brine.control.Failed
             * @instance
             */
            Failed.prototype.message = "";

            /**
             * Failed hint.
             * @member {string} hint
             * @memberof brine.control.Failed
             * @instance
             */
            Failed.prototype.hint = "";

            /**
             * Failed role.
             * @member {string} role
             * @memberof brine.control.Failed
             * @instance
             */
            Failed.prototype.role = "";

            /**
             * Failed rank.
             * @member {number} rank
             * @memberof brine.control.Failed
             * @instance
             */
            Failed.prototype.rank = 0;

            /**
             * Failed run.
             * @member {string} run
             * @memberof brine.control.Failed
             * @instance
             */
            Failed.prototype.run = "";

            /**
             * Encodes the specified Failed message. Does not implicitly {@link brine.control.Failed.verify|verify} messages.
             * @function encode
             * @memberof brine.control.Failed
             * @static
             * @param {brine.control.Failed.$Properties} message Failed message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Failed.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.code);
                if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.message);
                if (message.hint != null && $Object.hasOwnProperty.call(message, "hint") && message.hint !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.hint);
                if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.role);
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.rank);
                if (message.run != null && $Object.hasOwnProperty.call(message, "run") && message.run !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.run);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Failed message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.Failed
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.Failed & brine.control.Failed.$Shape} Failed
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Failed.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.Failed();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.message = value;
                            else
                                delete message.message;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.hint = value;
                            else
                                delete message.hint;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rank = value;
                            else
                                delete message.rank;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.run = value;
                            else
                                delete message.run;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for Failed
             * @function getTypeUrl
             * @memberof brine.control.Failed
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Failed.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.Failed";
            };

            return Failed;
        })();

        control.StateAsk = (function() {

            /**
             * Properties of a StateAsk.
             * @typedef {Object} brine.control.StateAsk.$Properties
             * @property {string|null} [run] StateAsk run
             * @property {number|null} [generation] StateAsk generation
             * @property {number|null} [step] StateAsk step
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StateAsk.
             * @memberof brine.control
             * @interface IStateAsk
             * @augments brine.control.StateAsk.$Properties
             * @deprecated Use brine.control.StateAsk.$Properties instead.
             */

            /**
             * Shape of a StateAsk.
             * @typedef {brine.control.StateAsk.$Properties} brine.control.StateAsk.$Shape
             */

            /**
             * Constructs a new StateAsk.
             * @memberof brine.control
             * @classdesc Represents a StateAsk.
             * @constructor
             * @param {brine.control.StateAsk.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StateAsk = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StateAsk run.
             * @member {string} run
             * @memberof brine.control.StateAsk
             * @instance
             */
            StateAsk.prototype.run = "";

            /**
             * StateAsk generation.
             * @member {number} generation
             * @memberof brine.control.StateAsk
             * @instance
             */
            StateAsk.prototype.generation = 0;

            /**
             * StateAsk step.
             * @member {number} step
             * @memberof brine.control.StateAsk
             * @instance
             */
            StateAsk.prototype.step = 0;

            /**
             * Encodes the specified StateAsk message. Does not implicitly {@link brine.control.StateAsk.verify|verify} messages.
             * @function encode
             * @memberof brine.control.StateAsk
             * @static
             * @param {brine.control.StateAsk.$Properties} message StateAsk message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StateAsk.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.run != null && $Object.hasOwnProperty.call(message, "run") && message.run !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.run);
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.generation);
                if (message.step != null && $Object.hasOwnProperty.call(message, "step") && message.step !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.step);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StateAsk message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.StateAsk
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.StateAsk & brine.control.StateAsk.$Shape} StateAsk
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StateAsk.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.StateAsk();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.run = value;
                            else
                                delete message.run;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.step = value;
                            else
                                delete message.step;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for StateAsk
             * @function getTypeUrl
             * @memberof brine.control.StateAsk
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            StateAsk.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.StateAsk";
            };

            return StateAsk;
        })();

        control.StatePart = (function() {

            /**
             * Properties of a StatePart.
             * @typedef {Object} brine.control.StatePart.$Properties
             * @property {number|null} [array] StatePart array
             * @property {number|null} [arrays] StatePart arrays
             * @property {number|null} [part] StatePart part
             * @property {number|null} [elements] StatePart elements
             * @property {number|null} [crc] StatePart crc
             * @property {string|null} [refused] StatePart refused
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StatePart.
             * @memberof brine.control
             * @interface IStatePart
             * @augments brine.control.StatePart.$Properties
             * @deprecated Use brine.control.StatePart.$Properties instead.
             */

            /**
             * Shape of a StatePart.
             * @typedef {brine.control.StatePart.$Properties} brine.control.StatePart.$Shape
             */

            /**
             * Constructs a new StatePart.
             * @memberof brine.control
             * @classdesc Represents a StatePart.
             * @constructor
             * @param {brine.control.StatePart.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StatePart = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StatePart array.
             * @member {number} array
             * @memberof brine.control.StatePart
             * @instance
             */
            StatePart.prototype.array = 0;

            /**
             * StatePart arrays.
             * @member {number} arrays
             * @memberof brine.control.StatePart
             * @instance
             */
            StatePart.prototype.arrays = 0;

            /**
             * StatePart part.
             * @member {number} part
             * @memberof brine.control.StatePart
             * @instance
             */
            StatePart.prototype.part = 0;

            /**
             * StatePart elements.
             * @member {number} elements
             * @memberof brine.control.StatePart
             * @instance
             */
            StatePart.prototype.elements = 0;

            /**
             * StatePart crc.
             * @member {number} crc
             * @memberof brine.control.StatePart
             * @instance
             */
            StatePart.prototype.crc = 0;

            /**
             * StatePart refused.
             * @member {string} refused
             * @memberof brine.control.StatePart
             * @instance
             */
            StatePart.prototype.refused = "";

            /**
             * Encodes the specified StatePart message. Does not implicitly {@link brine.control.StatePart.verify|verify} messages.
             * @function encode
             * @memberof brine.control.StatePart
             * @static
             * @param {brine.control.StatePart.$Properties} message StatePart message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StatePart.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.array != null && $Object.hasOwnProperty.call(message, "array") && message.array !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.array);
                if (message.arrays != null && $Object.hasOwnProperty.call(message, "arrays") && message.arrays !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.arrays);
                if (message.part != null && $Object.hasOwnProperty.call(message, "part") && message.part !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.part);
                if (message.elements != null && $Object.hasOwnProperty.call(message, "elements") && message.elements !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.elements);
                if (message.crc != null && $Object.hasOwnProperty.call(message, "crc") && message.crc !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.crc);
                if (message.refused != null && $Object.hasOwnProperty.call(message, "refused") && message.refused !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.refused);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StatePart message from the specified reader or buffer.
             * @function decode
             * @memberof brine.control.StatePart
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.control.StatePart & brine.control.StatePart.$Shape} StatePart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StatePart.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.brine.control.StatePart();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.array = value;
                            else
                                delete message.array;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.arrays = value;
                            else
                                delete message.arrays;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.part = value;
                            else
                                delete message.part;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.elements = value;
                            else
                                delete message.elements;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.crc = value;
                            else
                                delete message.crc;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.refused = value;
                            else
                                delete message.refused;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Gets the type url for StatePart
             * @function getTypeUrl
             * @memberof brine.control.StatePart
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            StatePart.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.control.StatePart";
            };

            return StatePart;
        })();

        return control;
    })();

    return brine;
})();

export {
  $root as default
};
