/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["tensorboard"] || ($protobuf.roots["tensorboard"] = {});

export const brine = $root.brine = (() => {

    /**
     * Namespace brine.
     * @exports brine
     * @namespace
     */
    const brine = {};

    brine.tensorboard = (function() {

        /**
         * Namespace tensorboard.
         * @memberof brine
         * @namespace
         */
        const tensorboard = {};

        tensorboard.Event = (function() {

            /**
             * Properties of an Event.
             * @typedef {Object} brine.tensorboard.Event.$Properties
             * @property {number|null} [wallTime] Event wallTime
             * @property {number|null} [step] Event step
             * @property {string|null} [fileVersion] Event fileVersion
             * @property {brine.tensorboard.Summary.$Properties|null} [summary] Event summary
             * @property {brine.tensorboard.SessionLog.$Properties|null} [sessionLog] Event sessionLog
             * @property {"fileVersion"|"summary"|"sessionLog"} [what] Event what
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Event.
             * @memberof brine.tensorboard
             * @interface IEvent
             * @augments brine.tensorboard.Event.$Properties
             * @deprecated Use brine.tensorboard.Event.$Properties instead.
             */

            /**
             * Narrowed shape of an Event.
             * @typedef {{
             *   wallTime?: number|null;
             *   step?: number|null;
             *   fileVersion?: string|null;
             *   summary?: brine.tensorboard.Summary.$Shape|null;
             *   sessionLog?: brine.tensorboard.SessionLog.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ what?: undefined; fileVersion?: null; summary?: null; sessionLog?: null }|{ what?: "fileVersion"; fileVersion: string; summary?: null; sessionLog?: null }|{ what?: "summary"; fileVersion?: null; summary: brine.tensorboard.Summary.$Shape; sessionLog?: null }|{ what?: "sessionLog"; fileVersion?: null; summary?: null; sessionLog: brine.tensorboard.SessionLog.$Shape })
             * )} brine.tensorboard.Event.$Shape
             */

            /**
             * Constructs a new Event.
             * @memberof brine.tensorboard
             * @classdesc Represents an Event.
             * @constructor
             * @param {brine.tensorboard.Event.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Event = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Event wallTime.
             * @member {number} wallTime
             * @memberof brine.tensorboard.Event
             * @instance
             */
            Event.prototype.wallTime = 0;

            /**
             * Event step.
             * @member {number} step
             * @memberof brine.tensorboard.Event
             * @instance
             */
            Event.prototype.step = 0;

            /**
             * Event fileVersion.
             * @member {string|null|undefined} fileVersion
             * @memberof brine.tensorboard.Event
             * @instance
             */
            Event.prototype.fileVersion = null;

            /**
             * Event summary.
             * @member {brine.tensorboard.Summary.$Properties|null|undefined} summary
             * @memberof brine.tensorboard.Event
             * @instance
             */
            Event.prototype.summary = null;

            /**
             * Event sessionLog.
             * @member {brine.tensorboard.SessionLog.$Properties|null|undefined} sessionLog
             * @memberof brine.tensorboard.Event
             * @instance
             */
            Event.prototype.sessionLog = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Event what.
             * @member {"fileVersion"|"summary"|"sessionLog"|undefined} what
             * @memberof brine.tensorboard.Event
             * @instance
             */
            $Object.defineProperty(Event.prototype, "what", {
                get: $util.oneOfGetter($oneOfFields = ["fileVersion", "summary", "sessionLog"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Event message. Does not implicitly {@link brine.tensorboard.Event.verify|verify} messages.
             * @function encode
             * @memberof brine.tensorboard.Event
             * @static
             * @param {brine.tensorboard.Event.$Properties} message Event message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Event.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.wallTime != null && $Object.hasOwnProperty.call(message, "wallTime") && !$Object.is(message.wallTime, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.wallTime);
                if (message.step != null && $Object.hasOwnProperty.call(message, "step") && message.step !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.step);
                if (message.fileVersion != null && $Object.hasOwnProperty.call(message, "fileVersion"))
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.fileVersion);
                if (message.summary != null && $Object.hasOwnProperty.call(message, "summary"))
                    $root.brine.tensorboard.Summary.encode(message.summary, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.sessionLog != null && $Object.hasOwnProperty.call(message, "sessionLog"))
                    $root.brine.tensorboard.SessionLog.encode(message.sessionLog, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Event message from the specified reader or buffer.
             * @function decode
             * @memberof brine.tensorboard.Event
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.tensorboard.Event & brine.tensorboard.Event.$Shape} Event
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Event.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.tensorboard.Event();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.wallTime = value;
                            else
                                delete message.wallTime;
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
                            if (wireType !== 2)
                                break;
                            message.fileVersion = reader.stringVerify();
                            message.what = "fileVersion";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.summary = $root.brine.tensorboard.Summary.decode(reader, reader.size(), $undefined, _depth + 1, message.summary);
                            message.what = "summary";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.sessionLog = $root.brine.tensorboard.SessionLog.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionLog);
                            message.what = "sessionLog";
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
             * Gets the type url for Event
             * @function getTypeUrl
             * @memberof brine.tensorboard.Event
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Event.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.tensorboard.Event";
            };

            return Event;
        })();

        tensorboard.SessionLog = (function() {

            /**
             * Properties of a SessionLog.
             * @typedef {Object} brine.tensorboard.SessionLog.$Properties
             * @property {brine.tensorboard.SessionLog.SessionStatus|null} [status] SessionLog status
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SessionLog.
             * @memberof brine.tensorboard
             * @interface ISessionLog
             * @augments brine.tensorboard.SessionLog.$Properties
             * @deprecated Use brine.tensorboard.SessionLog.$Properties instead.
             */

            /**
             * Shape of a SessionLog.
             * @typedef {brine.tensorboard.SessionLog.$Properties} brine.tensorboard.SessionLog.$Shape
             */

            /**
             * Constructs a new SessionLog.
             * @memberof brine.tensorboard
             * @classdesc Represents a SessionLog.
             * @constructor
             * @param {brine.tensorboard.SessionLog.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SessionLog = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SessionLog status.
             * @member {brine.tensorboard.SessionLog.SessionStatus} status
             * @memberof brine.tensorboard.SessionLog
             * @instance
             */
            SessionLog.prototype.status = 0;

            /**
             * Encodes the specified SessionLog message. Does not implicitly {@link brine.tensorboard.SessionLog.verify|verify} messages.
             * @function encode
             * @memberof brine.tensorboard.SessionLog
             * @static
             * @param {brine.tensorboard.SessionLog.$Properties} message SessionLog message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SessionLog.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.status);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SessionLog message from the specified reader or buffer.
             * @function decode
             * @memberof brine.tensorboard.SessionLog
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.tensorboard.SessionLog & brine.tensorboard.SessionLog.$Shape} SessionLog
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SessionLog.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.tensorboard.SessionLog();
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
                            if (value = reader.int32())
                                message.status = value;
                            else
                                delete message.status;
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
             * Gets the type url for SessionLog
             * @function getTypeUrl
             * @memberof brine.tensorboard.SessionLog
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            SessionLog.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.tensorboard.SessionLog";
            };

            /**
             * SessionStatus enum.
             * @name brine.tensorboard.SessionLog.SessionStatus
             * @enum {number}
             * @property {number} STATUS_UNSPECIFIED=0 STATUS_UNSPECIFIED value
             * @property {number} START=1 START value
             */
            SessionLog.SessionStatus = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "STATUS_UNSPECIFIED"] = 0;
                values[valuesById[1] = "START"] = 1;
                return values;
            })();

            return SessionLog;
        })();

        tensorboard.Summary = (function() {

            /**
             * Properties of a Summary.
             * @typedef {Object} brine.tensorboard.Summary.$Properties
             * @property {Array.<brine.tensorboard.Summary.Value.$Properties>|null} [value] Summary value
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Summary.
             * @memberof brine.tensorboard
             * @interface ISummary
             * @augments brine.tensorboard.Summary.$Properties
             * @deprecated Use brine.tensorboard.Summary.$Properties instead.
             */

            /**
             * Shape of a Summary.
             * @typedef {{
             *   value?: Array.<brine.tensorboard.Summary.Value.$Shape>|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} brine.tensorboard.Summary.$Shape
             */

            /**
             * Constructs a new Summary.
             * @memberof brine.tensorboard
             * @classdesc Represents a Summary.
             * @constructor
             * @param {brine.tensorboard.Summary.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Summary = function (properties) {
                this.value = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Summary value.
             * @member {Array.<brine.tensorboard.Summary.Value.$Properties>} value
             * @memberof brine.tensorboard.Summary
             * @instance
             */
            Summary.prototype.value = $util.emptyArray;

            /**
             * Encodes the specified Summary message. Does not implicitly {@link brine.tensorboard.Summary.verify|verify} messages.
             * @function encode
             * @memberof brine.tensorboard.Summary
             * @static
             * @param {brine.tensorboard.Summary.$Properties} message Summary message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Summary.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.value != null && message.value.length)
                    for (let i = 0; i < message.value.length; ++i)
                        $root.brine.tensorboard.Summary.Value.encode(message.value[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Summary message from the specified reader or buffer.
             * @function decode
             * @memberof brine.tensorboard.Summary
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.tensorboard.Summary & brine.tensorboard.Summary.$Shape} Summary
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Summary.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.tensorboard.Summary();
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
                            if (!(message.value && message.value.length))
                                message.value = [];
                            message.value.push($root.brine.tensorboard.Summary.Value.decode(reader, reader.size(), $undefined, _depth + 1));
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
             * Gets the type url for Summary
             * @function getTypeUrl
             * @memberof brine.tensorboard.Summary
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Summary.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.tensorboard.Summary";
            };

            Summary.Value = (function() {

                /**
                 * Properties of a Value.
                 * @typedef {Object} brine.tensorboard.Summary.Value.$Properties
                 * @property {string|null} [tag] Value tag
                 * @property {number|null} [simpleValue] Value simpleValue
                 * @property {"simpleValue"} [value] Value value
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Value.
                 * @memberof brine.tensorboard.Summary
                 * @interface IValue
                 * @augments brine.tensorboard.Summary.Value.$Properties
                 * @deprecated Use brine.tensorboard.Summary.Value.$Properties instead.
                 */

                /**
                 * Narrowed shape of a Value.
                 * @typedef {{
                 *   tag?: string|null;
                 *   simpleValue?: number|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ value?: undefined; simpleValue?: null }|{ value?: "simpleValue"; simpleValue: number })
                 * )} brine.tensorboard.Summary.Value.$Shape
                 */

                /**
                 * Constructs a new Value.
                 * @memberof brine.tensorboard.Summary
                 * @classdesc Represents a Value.
                 * @constructor
                 * @param {brine.tensorboard.Summary.Value.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Value = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Value tag.
                 * @member {string} tag
                 * @memberof brine.tensorboard.Summary.Value
                 * @instance
                 */
                Value.prototype.tag = "";

                /**
                 * Value simpleValue.
                 * @member {number|null|undefined} simpleValue
                 * @memberof brine.tensorboard.Summary.Value
                 * @instance
                 */
                Value.prototype.simpleValue = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * Value value.
                 * @member {"simpleValue"|undefined} value
                 * @memberof brine.tensorboard.Summary.Value
                 * @instance
                 */
                $Object.defineProperty(Value.prototype, "value", {
                    get: $util.oneOfGetter($oneOfFields = ["simpleValue"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Encodes the specified Value message. Does not implicitly {@link brine.tensorboard.Summary.Value.verify|verify} messages.
                 * @function encode
                 * @memberof brine.tensorboard.Summary.Value
                 * @static
                 * @param {brine.tensorboard.Summary.Value.$Properties} message Value message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Value.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.tag != null && $Object.hasOwnProperty.call(message, "tag") && message.tag !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.tag);
                    if (message.simpleValue != null && $Object.hasOwnProperty.call(message, "simpleValue"))
                        writer.uint32(/* id 2, wireType 5 =*/21).float(message.simpleValue);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Value message from the specified reader or buffer.
                 * @function decode
                 * @memberof brine.tensorboard.Summary.Value
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {brine.tensorboard.Summary.Value & brine.tensorboard.Summary.Value.$Shape} Value
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Value.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.brine.tensorboard.Summary.Value();
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
                                    message.tag = value;
                                else
                                    delete message.tag;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 5)
                                    break;
                                message.simpleValue = reader.float();
                                message.value = "simpleValue";
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
                 * Gets the type url for Value
                 * @function getTypeUrl
                 * @memberof brine.tensorboard.Summary.Value
                 * @static
                 * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns {string} The type url
                 */
                Value.getTypeUrl = function(prefix) {
                    if (prefix === $undefined)
                        prefix = "type.googleapis.com";
                    return prefix + "/brine.tensorboard.Summary.Value";
                };

                return Value;
            })();

            return Summary;
        })();

        return tensorboard;
    })();

    return brine;
})();

export {
  $root as default
};
