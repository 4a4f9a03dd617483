/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["labels"] || ($protobuf.roots["labels"] = {});

export const brine = $root.brine = (() => {

    /**
     * Namespace brine.
     * @exports brine
     * @namespace
     */
    const brine = {};

    brine.labels = (function() {

        /**
         * Namespace labels.
         * @memberof brine
         * @namespace
         */
        const labels = {};

        labels.FromPeer = (function() {

            /**
             * Properties of a FromPeer.
             * @typedef {Object} brine.labels.FromPeer.$Properties
             * @property {brine.labels.Hello.$Properties|null} [hello] FromPeer hello
             * @property {brine.labels.Ask.$Properties|null} [ask] FromPeer ask
             * @property {brine.labels.Deliver.$Properties|null} [deliver] FromPeer deliver
             * @property {brine.labels.GiveBack.$Properties|null} [giveBack] FromPeer giveBack
             * @property {brine.labels.Fetch.$Properties|null} [fetch] FromPeer fetch
             * @property {brine.labels.AskStats.$Properties|null} [askStats] FromPeer askStats
             * @property {brine.labels.Alive.$Properties|null} [alive] FromPeer alive
             * @property {brine.labels.Leave.$Properties|null} [leave] FromPeer leave
             * @property {brine.labels.AskModel.$Properties|null} [askModel] FromPeer askModel
             * @property {brine.labels.AskChunk.$Properties|null} [askChunk] FromPeer askChunk
             * @property {"hello"|"ask"|"deliver"|"giveBack"|"fetch"|"askStats"|"alive"|"leave"|"askModel"|"askChunk"} [message] FromPeer message
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a FromPeer.
             * @memberof brine.labels
             * @interface IFromPeer
             * @augments brine.labels.FromPeer.$Properties
             * @deprecated Use brine.labels.FromPeer.$Properties instead.
             */

            /**
             * Narrowed shape of a FromPeer.
             * @typedef {{
             *   hello?: brine.labels.Hello.$Shape|null;
             *   ask?: brine.labels.Ask.$Shape|null;
             *   deliver?: brine.labels.Deliver.$Shape|null;
             *   giveBack?: brine.labels.GiveBack.$Shape|null;
             *   fetch?: brine.labels.Fetch.$Shape|null;
             *   askStats?: brine.labels.AskStats.$Shape|null;
             *   alive?: brine.labels.Alive.$Shape|null;
             *   leave?: brine.labels.Leave.$Shape|null;
             *   askModel?: brine.labels.AskModel.$Shape|null;
             *   askChunk?: brine.labels.AskChunk.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ message?: undefined; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "hello"; hello: brine.labels.Hello.$Shape; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "ask"; hello?: null; ask: brine.labels.Ask.$Shape; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "deliver"; hello?: null; ask?: null; deliver: brine.labels.Deliver.$Shape; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "giveBack"; hello?: null; ask?: null; deliver?: null; giveBack: brine.labels.GiveBack.$Shape; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "fetch"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch: brine.labels.Fetch.$Shape; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "askStats"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats: brine.labels.AskStats.$Shape; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "alive"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive: brine.labels.Alive.$Shape; leave?: null; askModel?: null; askChunk?: null }|{ message?: "leave"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave: brine.labels.Leave.$Shape; askModel?: null; askChunk?: null }|{ message?: "askModel"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel: brine.labels.AskModel.$Shape; askChunk?: null }|{ message?: "askChunk"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk: brine.labels.AskChunk.$Shape })
             * )} brine.labels.FromPeer.$Shape
             */

            /**
             * Constructs a new FromPeer.
             * @memberof brine.labels
             * @classdesc Represents a FromPeer.
             * @constructor
             * @param {brine.labels.FromPeer.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const FromPeer = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * FromPeer hello.
             * @member {brine.labels.Hello.$Properties|null|undefined} hello
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.hello = null;

            /**
             * FromPeer ask.
             * @member {brine.labels.Ask.$Properties|null|undefined} ask
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.ask = null;

            /**
             * FromPeer deliver.
             * @member {brine.labels.Deliver.$Properties|null|undefined} deliver
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.deliver = null;

            /**
             * FromPeer giveBack.
             * @member {brine.labels.GiveBack.$Properties|null|undefined} giveBack
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.giveBack = null;

            /**
             * FromPeer fetch.
             * @member {brine.labels.Fetch.$Properties|null|undefined} fetch
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.fetch = null;

            /**
             * FromPeer askStats.
             * @member {brine.labels.AskStats.$Properties|null|undefined} askStats
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.askStats = null;

            /**
             * FromPeer alive.
             * @member {brine.labels.Alive.$Properties|null|undefined} alive
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.alive = null;

            /**
             * FromPeer leave.
             * @member {brine.labels.Leave.$Properties|null|undefined} leave
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.leave = null;

            /**
             * FromPeer askModel.
             * @member {brine.labels.AskModel.$Properties|null|undefined} askModel
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.askModel = null;

            /**
             * FromPeer askChunk.
             * @member {brine.labels.AskChunk.$Properties|null|undefined} askChunk
             * @memberof brine.labels.FromPeer
             * @instance
             */
            FromPeer.prototype.askChunk = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * FromPeer message.
             * @member {"hello"|"ask"|"deliver"|"giveBack"|"fetch"|"askStats"|"alive"|"leave"|"askModel"|"askChunk"|undefined} message
             * @memberof brine.labels.FromPeer
             * @instance
             */
            $Object.defineProperty(FromPeer.prototype, "message", {
                get: $util.oneOfGetter($oneOfFields = ["hello", "ask", "deliver", "giveBack", "fetch", "askStats", "alive", "leave", "askModel", "askChunk"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified FromPeer message. Does not implicitly {@link brine.labels.FromPeer.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.FromPeer
             * @static
             * @param {brine.labels.FromPeer.$Properties} message FromPeer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            FromPeer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                    $root.brine.labels.Hello.encode(message.hello, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.ask != null && $Object.hasOwnProperty.call(message, "ask"))
                    $root.brine.labels.Ask.encode(message.ask, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.deliver != null && $Object.hasOwnProperty.call(message, "deliver"))
                    $root.brine.labels.Deliver.encode(message.deliver, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.giveBack != null && $Object.hasOwnProperty.call(message, "giveBack"))
                    $root.brine.labels.GiveBack.encode(message.giveBack, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.fetch != null && $Object.hasOwnProperty.call(message, "fetch"))
                    $root.brine.labels.Fetch.encode(message.fetch, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.askStats != null && $Object.hasOwnProperty.call(message, "askStats"))
                    $root.brine.labels.AskStats.encode(message.askStats, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.alive != null && $Object.hasOwnProperty.call(message, "alive"))
                    $root.brine.labels.Alive.encode(message.alive, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.leave != null && $Object.hasOwnProperty.call(message, "leave"))
                    $root.brine.labels.Leave.encode(message.leave, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.askModel != null && $Object.hasOwnProperty.call(message, "askModel"))
                    $root.brine.labels.AskModel.encode(message.askModel, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.askChunk != null && $Object.hasOwnProperty.call(message, "askChunk"))
                    $root.brine.labels.AskChunk.encode(message.askChunk, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a FromPeer message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.FromPeer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.FromPeer & brine.labels.FromPeer.$Shape} FromPeer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            FromPeer.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.FromPeer();
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
                            message.hello = $root.brine.labels.Hello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                            message.message = "hello";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.ask = $root.brine.labels.Ask.decode(reader, reader.size(), $undefined, _depth + 1, message.ask);
                            message.message = "ask";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.deliver = $root.brine.labels.Deliver.decode(reader, reader.size(), $undefined, _depth + 1, message.deliver);
                            message.message = "deliver";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.giveBack = $root.brine.labels.GiveBack.decode(reader, reader.size(), $undefined, _depth + 1, message.giveBack);
                            message.message = "giveBack";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.fetch = $root.brine.labels.Fetch.decode(reader, reader.size(), $undefined, _depth + 1, message.fetch);
                            message.message = "fetch";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.askStats = $root.brine.labels.AskStats.decode(reader, reader.size(), $undefined, _depth + 1, message.askStats);
                            message.message = "askStats";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.alive = $root.brine.labels.Alive.decode(reader, reader.size(), $undefined, _depth + 1, message.alive);
                            message.message = "alive";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.leave = $root.brine.labels.Leave.decode(reader, reader.size(), $undefined, _depth + 1, message.leave);
                            message.message = "leave";
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.askModel = $root.brine.labels.AskModel.decode(reader, reader.size(), $undefined, _depth + 1, message.askModel);
                            message.message = "askModel";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.askChunk = $root.brine.labels.AskChunk.decode(reader, reader.size(), $undefined, _depth + 1, message.askChunk);
                            message.message = "askChunk";
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
             * Gets the type url for FromPeer
             * @function getTypeUrl
             * @memberof brine.labels.FromPeer
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            FromPeer.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.FromPeer";
            };

            return FromPeer;
        })();

        labels.ToPeer = (function() {

            /**
             * Properties of a ToPeer.
             * @typedef {Object} brine.labels.ToPeer.$Properties
             * @property {brine.labels.Welcome.$Properties|null} [welcome] ToPeer welcome
             * @property {brine.labels.Refused.$Properties|null} [refused] ToPeer refused
             * @property {brine.labels.Lease.$Properties|null} [lease] ToPeer lease
             * @property {brine.labels.Stored.$Properties|null} [stored] ToPeer stored
             * @property {brine.labels.Records.$Properties|null} [records] ToPeer records
             * @property {brine.labels.Failed.$Properties|null} [failed] ToPeer failed
             * @property {brine.labels.Stats.$Properties|null} [stats] ToPeer stats
             * @property {brine.labels.Bye.$Properties|null} [bye] ToPeer bye
             * @property {brine.labels.Greet.$Properties|null} [greet] ToPeer greet
             * @property {brine.labels.Missing.$Properties|null} [missing] ToPeer missing
             * @property {brine.labels.Model.$Properties|null} [model] ToPeer model
             * @property {brine.labels.Chunk.$Properties|null} [chunk] ToPeer chunk
             * @property {"welcome"|"refused"|"lease"|"stored"|"records"|"failed"|"stats"|"bye"|"greet"|"missing"|"model"|"chunk"} [message] ToPeer message
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ToPeer.
             * @memberof brine.labels
             * @interface IToPeer
             * @augments brine.labels.ToPeer.$Properties
             * @deprecated Use brine.labels.ToPeer.$Properties instead.
             */

            /**
             * Narrowed shape of a ToPeer.
             * @typedef {{
             *   welcome?: brine.labels.Welcome.$Shape|null;
             *   refused?: brine.labels.Refused.$Shape|null;
             *   lease?: brine.labels.Lease.$Shape|null;
             *   stored?: brine.labels.Stored.$Shape|null;
             *   records?: brine.labels.Records.$Shape|null;
             *   failed?: brine.labels.Failed.$Shape|null;
             *   stats?: brine.labels.Stats.$Shape|null;
             *   bye?: brine.labels.Bye.$Shape|null;
             *   greet?: brine.labels.Greet.$Shape|null;
             *   missing?: brine.labels.Missing.$Shape|null;
             *   model?: brine.labels.Model.$Shape|null;
             *   chunk?: brine.labels.Chunk.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ message?: undefined; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "welcome"; welcome: brine.labels.Welcome.$Shape; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "refused"; welcome?: null; refused: brine.labels.Refused.$Shape; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "lease"; welcome?: null; refused?: null; lease: brine.labels.Lease.$Shape; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "stored"; welcome?: null; refused?: null; lease?: null; stored: brine.labels.Stored.$Shape; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "records"; welcome?: null; refused?: null; lease?: null; stored?: null; records: brine.labels.Records.$Shape; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "failed"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed: brine.labels.Failed.$Shape; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "stats"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats: brine.labels.Stats.$Shape; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "bye"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye: brine.labels.Bye.$Shape; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "greet"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet: brine.labels.Greet.$Shape; missing?: null; model?: null; chunk?: null }|{ message?: "missing"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing: brine.labels.Missing.$Shape; model?: null; chunk?: null }|{ message?: "model"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model: brine.labels.Model.$Shape; chunk?: null }|{ message?: "chunk"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk: brine.labels.Chunk.$Shape })
             * )} brine.labels.ToPeer.$Shape
             */

            /**
             * Constructs a new ToPeer.
             * @memberof brine.labels
             * @classdesc Represents a ToPeer.
             * @constructor
             * @param {brine.labels.ToPeer.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ToPeer = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ToPeer welcome.
             * @member {brine.labels.Welcome.$Properties|null|undefined} welcome
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.welcome = null;

            /**
             * ToPeer refused.
             * @member {brine.labels.Refused.$Properties|null|undefined} refused
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.refused = null;

            /**
             * ToPeer lease.
             * @member {brine.labels.Lease.$Properties|null|undefined} lease
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.lease = null;

            /**
             * ToPeer stored.
             * @member {brine.labels.Stored.$Properties|null|undefined} stored
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.stored = null;

            /**
             * ToPeer records.
             * @member {brine.labels.Records.$Properties|null|undefined} records
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.records = null;

            /**
             * ToPeer failed.
             * @member {brine.labels.Failed.$Properties|null|undefined} failed
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.failed = null;

            /**
             * ToPeer stats.
             * @member {brine.labels.Stats.$Properties|null|undefined} stats
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.stats = null;

            /**
             * ToPeer bye.
             * @member {brine.labels.Bye.$Properties|null|undefined} bye
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.bye = null;

            /**
             * ToPeer greet.
             * @member {brine.labels.Greet.$Properties|null|undefined} greet
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.greet = null;

            /**
             * ToPeer missing.
             * @member {brine.labels.Missing.$Properties|null|undefined} missing
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.missing = null;

            /**
             * ToPeer model.
             * @member {brine.labels.Model.$Properties|null|undefined} model
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.model = null;

            /**
             * ToPeer chunk.
             * @member {brine.labels.Chunk.$Properties|null|undefined} chunk
             * @memberof brine.labels.ToPeer
             * @instance
             */
            ToPeer.prototype.chunk = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * ToPeer message.
             * @member {"welcome"|"refused"|"lease"|"stored"|"records"|"failed"|"stats"|"bye"|"greet"|"missing"|"model"|"chunk"|undefined} message
             * @memberof brine.labels.ToPeer
             * @instance
             */
            $Object.defineProperty(ToPeer.prototype, "message", {
                get: $util.oneOfGetter($oneOfFields = ["welcome", "refused", "lease", "stored", "records", "failed", "stats", "bye", "greet", "missing", "model", "chunk"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified ToPeer message. Does not implicitly {@link brine.labels.ToPeer.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.ToPeer
             * @static
             * @param {brine.labels.ToPeer.$Properties} message ToPeer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ToPeer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.welcome != null && $Object.hasOwnProperty.call(message, "welcome"))
                    $root.brine.labels.Welcome.encode(message.welcome, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.refused != null && $Object.hasOwnProperty.call(message, "refused"))
                    $root.brine.labels.Refused.encode(message.refused, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.lease != null && $Object.hasOwnProperty.call(message, "lease"))
                    $root.brine.labels.Lease.encode(message.lease, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.stored != null && $Object.hasOwnProperty.call(message, "stored"))
                    $root.brine.labels.Stored.encode(message.stored, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.records != null && $Object.hasOwnProperty.call(message, "records"))
                    $root.brine.labels.Records.encode(message.records, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.failed != null && $Object.hasOwnProperty.call(message, "failed"))
                    $root.brine.labels.Failed.encode(message.failed, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.stats != null && $Object.hasOwnProperty.call(message, "stats"))
                    $root.brine.labels.Stats.encode(message.stats, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.bye != null && $Object.hasOwnProperty.call(message, "bye"))
                    $root.brine.labels.Bye.encode(message.bye, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.greet != null && $Object.hasOwnProperty.call(message, "greet"))
                    $root.brine.labels.Greet.encode(message.greet, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.missing != null && $Object.hasOwnProperty.call(message, "missing"))
                    $root.brine.labels.Missing.encode(message.missing, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.model != null && $Object.hasOwnProperty.call(message, "model"))
                    $root.brine.labels.Model.encode(message.model, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.chunk != null && $Object.hasOwnProperty.call(message, "chunk"))
                    $root.brine.labels.Chunk.encode(message.chunk, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ToPeer message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.ToPeer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.ToPeer & brine.labels.ToPeer.$Shape} ToPeer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ToPeer.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.ToPeer();
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
                            message.welcome = $root.brine.labels.Welcome.decode(reader, reader.size(), $undefined, _depth + 1, message.welcome);
                            message.message = "welcome";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.refused = $root.brine.labels.Refused.decode(reader, reader.size(), $undefined, _depth + 1, message.refused);
                            message.message = "refused";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.lease = $root.brine.labels.Lease.decode(reader, reader.size(), $undefined, _depth + 1, message.lease);
                            message.message = "lease";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.stored = $root.brine.labels.Stored.decode(reader, reader.size(), $undefined, _depth + 1, message.stored);
                            message.message = "stored";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.records = $root.brine.labels.Records.decode(reader, reader.size(), $undefined, _depth + 1, message.records);
                            message.message = "records";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.failed = $root.brine.labels.Failed.decode(reader, reader.size(), $undefined, _depth + 1, message.failed);
                            message.message = "failed";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.stats = $root.brine.labels.Stats.decode(reader, reader.size(), $undefined, _depth + 1, message.stats);
                            message.message = "stats";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.bye = $root.brine.labels.Bye.decode(reader, reader.size(), $undefined, _depth + 1, message.bye);
                            message.message = "bye";
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.greet = $root.brine.labels.Greet.decode(reader, reader.size(), $undefined, _depth + 1, message.greet);
                            message.message = "greet";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.missing = $root.brine.labels.Missing.decode(reader, reader.size(), $undefined, _depth + 1, message.missing);
                            message.message = "missing";
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.model = $root.brine.labels.Model.decode(reader, reader.size(), $undefined, _depth + 1, message.model);
                            message.message = "model";
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.chunk = $root.brine.labels.Chunk.decode(reader, reader.size(), $undefined, _depth + 1, message.chunk);
                            message.message = "chunk";
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
             * Gets the type url for ToPeer
             * @function getTypeUrl
             * @memberof brine.labels.ToPeer
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            ToPeer.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.ToPeer";
            };

            return ToPeer;
        })();

        labels.Identity = (function() {

            /**
             * Properties of an Identity.
             * @typedef {Object} brine.labels.Identity.$Properties
             * @property {string|null} [tokenizer] Identity tokenizer
             * @property {string|null} [data] Identity data
             * @property {string|null} [teacher] Identity teacher
             * @property {brine.labels.Rule.$Properties|null} [rule] Identity rule
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Identity.
             * @memberof brine.labels
             * @interface IIdentity
             * @augments brine.labels.Identity.$Properties
             * @deprecated Use brine.labels.Identity.$Properties instead.
             */

            /**
             * Shape of an Identity.
             * @typedef {brine.labels.Identity.$Properties} brine.labels.Identity.$Shape
             */

            /**
             * Constructs a new Identity.
             * @memberof brine.labels
             * @classdesc Represents an Identity.
             * @constructor
             * @param {brine.labels.Identity.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Identity = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Identity tokenizer.
             * @member {string} tokenizer
             * @memberof brine.labels.Identity
             * @instance
             */
            Identity.prototype.tokenizer = "";

            /**
             * Identity data.
             * @member {string} data
             * @memberof brine.labels.Identity
             * @instance
             */
            Identity.prototype.data = "";

            /**
             * Identity teacher.
             * @member {string} teacher
             * @memberof brine.labels.Identity
             * @instance
             */
            Identity.prototype.teacher = "";

            /**
             * Identity rule.
             * @member {brine.labels.Rule.$Properties|null|undefined} rule
             * @memberof brine.labels.Identity
             * @instance
             */
            Identity.prototype.rule = null;

            /**
             * Encodes the specified Identity message. Does not implicitly {@link brine.labels.Identity.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Identity
             * @static
             * @param {brine.labels.Identity.$Properties} message Identity message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Identity.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tokenizer != null && $Object.hasOwnProperty.call(message, "tokenizer") && message.tokenizer !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.tokenizer);
                if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.data);
                if (message.teacher != null && $Object.hasOwnProperty.call(message, "teacher") && message.teacher !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.teacher);
                if (message.rule != null && $Object.hasOwnProperty.call(message, "rule"))
                    $root.brine.labels.Rule.encode(message.rule, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Identity message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Identity
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Identity & brine.labels.Identity.$Shape} Identity
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Identity.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Identity();
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
                                message.tokenizer = value;
                            else
                                delete message.tokenizer;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.data = value;
                            else
                                delete message.data;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.teacher = value;
                            else
                                delete message.teacher;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.rule = $root.brine.labels.Rule.decode(reader, reader.size(), $undefined, _depth + 1, message.rule);
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
             * Gets the type url for Identity
             * @function getTypeUrl
             * @memberof brine.labels.Identity
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Identity.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Identity";
            };

            return Identity;
        })();

        labels.Rule = (function() {

            /**
             * Properties of a Rule.
             * @typedef {Object} brine.labels.Rule.$Properties
             * @property {string|null} [kind] Rule kind
             * @property {number|null} [size] Rule size
             * @property {number|null} [temperature] Rule temperature
             * @property {number|null} [seed] Rule seed
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Rule.
             * @memberof brine.labels
             * @interface IRule
             * @augments brine.labels.Rule.$Properties
             * @deprecated Use brine.labels.Rule.$Properties instead.
             */

            /**
             * Shape of a Rule.
             * @typedef {brine.labels.Rule.$Properties} brine.labels.Rule.$Shape
             */

            /**
             * Constructs a new Rule.
             * @memberof brine.labels
             * @classdesc Represents a Rule.
             * @constructor
             * @param {brine.labels.Rule.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Rule = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Rule kind.
             * @member {string} kind
             * @memberof brine.labels.Rule
             * @instance
             */
            Rule.prototype.kind = "";

            /**
             * Rule size.
             * @member {number} size
             * @memberof brine.labels.Rule
             * @instance
             */
            Rule.prototype.size = 0;

            /**
             * Rule temperature.
             * @member {number} temperature
             * @memberof brine.labels.Rule
             * @instance
             */
            Rule.prototype.temperature = 0;

            /**
             * Rule seed.
             * @member {number} seed
             * @memberof brine.labels.Rule
             * @instance
             */
            Rule.prototype.seed = 0;

            /**
             * Encodes the specified Rule message. Does not implicitly {@link brine.labels.Rule.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Rule
             * @static
             * @param {brine.labels.Rule.$Properties} message Rule message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Rule.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.kind);
                if (message.size != null && $Object.hasOwnProperty.call(message, "size") && message.size !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.size);
                if (message.temperature != null && $Object.hasOwnProperty.call(message, "temperature") && !$Object.is(message.temperature, 0))
                    writer.uint32(/* id 3, wireType 1 =*/25).double(message.temperature);
                if (message.seed != null && $Object.hasOwnProperty.call(message, "seed") && message.seed !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.seed);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Rule message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Rule
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Rule & brine.labels.Rule.$Shape} Rule
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Rule.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Rule();
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
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.size = value;
                            else
                                delete message.size;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.temperature = value;
                            else
                                delete message.temperature;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.seed = value;
                            else
                                delete message.seed;
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
             * Gets the type url for Rule
             * @function getTypeUrl
             * @memberof brine.labels.Rule
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Rule.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Rule";
            };

            return Rule;
        })();

        labels.Hello = (function() {

            /**
             * Properties of a Hello.
             * @typedef {Object} brine.labels.Hello.$Properties
             * @property {string|null} [role] Hello role
             * @property {brine.labels.Identity.$Properties|null} [identity] Hello identity
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Hello.
             * @memberof brine.labels
             * @interface IHello
             * @augments brine.labels.Hello.$Properties
             * @deprecated Use brine.labels.Hello.$Properties instead.
             */

            /**
             * Shape of a Hello.
             * @typedef {brine.labels.Hello.$Properties} brine.labels.Hello.$Shape
             */

            /**
             * Constructs a new Hello.
             * @memberof brine.labels
             * @classdesc Represents a Hello.
             * @constructor
             * @param {brine.labels.Hello.$Properties=} [properties] Properties to set
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
             * @memberof brine.labels.Hello
             * @instance
             */
            Hello.prototype.role = "";

            /**
             * Hello identity.
             * @member {brine.labels.Identity.$Properties|null|undefined} identity
             * @memberof brine.labels.Hello
             * @instance
             */
            Hello.prototype.identity = null;

            /**
             * Encodes the specified Hello message. Does not implicitly {@link brine.labels.Hello.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Hello
             * @static
             * @param {brine.labels.Hello.$Properties} message Hello message or plain object to encode
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
                if (message.identity != null && $Object.hasOwnProperty.call(message, "identity"))
                    $root.brine.labels.Identity.encode(message.identity, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Hello
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Hello & brine.labels.Hello.$Shape} Hello
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
                message = _target || new $root.brine.labels.Hello();
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
                            if (wireType !== 2)
                                break;
                            message.identity = $root.brine.labels.Identity.decode(reader, reader.size(), $undefined, _depth + 1, message.identity);
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
             * @memberof brine.labels.Hello
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Hello.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Hello";
            };

            return Hello;
        })();

        labels.Welcome = (function() {

            /**
             * Properties of a Welcome.
             * @typedef {Object} brine.labels.Welcome.$Properties
             * @property {brine.labels.Identity.$Properties|null} [identity] Welcome identity
             * @property {boolean|null} [replay] Welcome replay
             * @property {number|null} [vocabulary] Welcome vocabulary
             * @property {number|null} [positions] Welcome positions
             * @property {number|null} [part] Welcome part
             * @property {number|null} [parts] Welcome parts
             * @property {Array.<string>|null} [endpoints] Welcome endpoints
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Welcome.
             * @memberof brine.labels
             * @interface IWelcome
             * @augments brine.labels.Welcome.$Properties
             * @deprecated Use brine.labels.Welcome.$Properties instead.
             */

            /**
             * Shape of a Welcome.
             * @typedef {brine.labels.Welcome.$Properties} brine.labels.Welcome.$Shape
             */

            /**
             * Constructs a new Welcome.
             * @memberof brine.labels
             * @classdesc Represents a Welcome.
             * @constructor
             * @param {brine.labels.Welcome.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Welcome = function (properties) {
                this.endpoints = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Welcome identity.
             * @member {brine.labels.Identity.$Properties|null|undefined} identity
             * @memberof brine.labels.Welcome
             * @instance
             */
            Welcome.prototype.identity = null;

            /**
             * Welcome replay.
             * @member {boolean} replay
             * @memberof brine.labels.Welcome
             * @instance
             */
            Welcome.prototype.replay = false;

            /**
             * Welcome vocabulary.
             * @member {number} vocabulary
             * @memberof brine.labels.Welcome
             * @instance
             */
            Welcome.prototype.vocabulary = 0;

            /**
             * Welcome positions.
             * @member {number} positions
             * @memberof brine.labels.Welcome
             * @instance
             */
            Welcome.prototype.positions = 0;

            /**
             * Welcome part.
             * @member {number} part
             * @memberof brine.labels.Welcome
             * @instance
             */
            Welcome.prototype.part = 0;

            /**
             * Welcome parts.
             * @member {number} parts
             * @memberof brine.labels.Welcome
             * @instance
             */
            Welcome.prototype.parts = 0;

            /**
             * Welcome endpoints.
             * @member {Array.<string>} endpoints
             * @memberof brine.labels.Welcome
             * @instance
             */
            Welcome.prototype.endpoints = $util.emptyArray;

            /**
             * Encodes the specified Welcome message. Does not implicitly {@link brine.labels.Welcome.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Welcome
             * @static
             * @param {brine.labels.Welcome.$Properties} message Welcome message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Welcome.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.identity != null && $Object.hasOwnProperty.call(message, "identity"))
                    $root.brine.labels.Identity.encode(message.identity, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.replay != null && $Object.hasOwnProperty.call(message, "replay") && message.replay !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.replay);
                if (message.vocabulary != null && $Object.hasOwnProperty.call(message, "vocabulary") && message.vocabulary !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.vocabulary);
                if (message.positions != null && $Object.hasOwnProperty.call(message, "positions") && message.positions !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.positions);
                if (message.part != null && $Object.hasOwnProperty.call(message, "part") && message.part !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.part);
                if (message.parts != null && $Object.hasOwnProperty.call(message, "parts") && message.parts !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.parts);
                if (message.endpoints != null && message.endpoints.length)
                    for (let i = 0; i < message.endpoints.length; ++i)
                        writer.uint32(/* id 7, wireType 2 =*/58).string(message.endpoints[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Welcome message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Welcome
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Welcome & brine.labels.Welcome.$Shape} Welcome
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Welcome.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Welcome();
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
                            message.identity = $root.brine.labels.Identity.decode(reader, reader.size(), $undefined, _depth + 1, message.identity);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.replay = value;
                            else
                                delete message.replay;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.vocabulary = value;
                            else
                                delete message.vocabulary;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.positions = value;
                            else
                                delete message.positions;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.part = value;
                            else
                                delete message.part;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.parts = value;
                            else
                                delete message.parts;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.endpoints && message.endpoints.length))
                                message.endpoints = [];
                            message.endpoints.push(reader.stringVerify());
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
             * Gets the type url for Welcome
             * @function getTypeUrl
             * @memberof brine.labels.Welcome
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Welcome.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Welcome";
            };

            return Welcome;
        })();

        labels.Greet = (function() {

            /**
             * Properties of a Greet.
             * @typedef {Object} brine.labels.Greet.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Greet.
             * @memberof brine.labels
             * @interface IGreet
             * @augments brine.labels.Greet.$Properties
             * @deprecated Use brine.labels.Greet.$Properties instead.
             */

            /**
             * Shape of a Greet.
             * @typedef {brine.labels.Greet.$Properties} brine.labels.Greet.$Shape
             */

            /**
             * Constructs a new Greet.
             * @memberof brine.labels
             * @classdesc Represents a Greet.
             * @constructor
             * @param {brine.labels.Greet.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Greet = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified Greet message. Does not implicitly {@link brine.labels.Greet.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Greet
             * @static
             * @param {brine.labels.Greet.$Properties} message Greet message or plain object to encode
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
             * @memberof brine.labels.Greet
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Greet & brine.labels.Greet.$Shape} Greet
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
                message = _target || new $root.brine.labels.Greet();
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
             * @memberof brine.labels.Greet
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Greet.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Greet";
            };

            return Greet;
        })();

        labels.Refused = (function() {

            /**
             * Properties of a Refused.
             * @typedef {Object} brine.labels.Refused.$Properties
             * @property {string|null} [code] Refused code
             * @property {string|null} [message] Refused message
             * @property {string|null} [hint] Refused hint
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Refused.
             * @memberof brine.labels
             * @interface IRefused
             * @augments brine.labels.Refused.$Properties
             * @deprecated Use brine.labels.Refused.$Properties instead.
             */

            /**
             * Shape of a Refused.
             * @typedef {brine.labels.Refused.$Properties} brine.labels.Refused.$Shape
             */

            /**
             * Constructs a new Refused.
             * @memberof brine.labels
             * @classdesc Represents a Refused.
             * @constructor
             * @param {brine.labels.Refused.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Refused = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Refused code.
             * @member {string} code
             * @memberof brine.labels.Refused
             * @instance
             */
            Refused.prototype.code = "";

            /**
             * Refused message.
             * @member {string} message
             * @memberof brine.labels.Refused
             * @instance
             */
            Refused.prototype.message = "";

            /**
             * Refused hint.
             * @member {string} hint
             * @memberof brine.labels.Refused
             * @instance
             */
            Refused.prototype.hint = "";

            /**
             * Encodes the specified Refused message. Does not implicitly {@link brine.labels.Refused.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Refused
             * @static
             * @param {brine.labels.Refused.$Properties} message Refused message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Refused.encode = function (message, writer, _depth) {
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
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Refused message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Refused
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Refused & brine.labels.Refused.$Shape} Refused
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Refused.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Refused();
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
             * Gets the type url for Refused
             * @function getTypeUrl
             * @memberof brine.labels.Refused
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Refused.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Refused";
            };

            return Refused;
        })();

        labels.Ask = (function() {

            /**
             * Properties of an Ask.
             * @typedef {Object} brine.labels.Ask.$Properties
             * @property {number|null} [most] Ask most
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Ask.
             * @memberof brine.labels
             * @interface IAsk
             * @augments brine.labels.Ask.$Properties
             * @deprecated Use brine.labels.Ask.$Properties instead.
             */

            /**
             * Shape of an Ask.
             * @typedef {brine.labels.Ask.$Properties} brine.labels.Ask.$Shape
             */

            /**
             * Constructs a new Ask.
             * @memberof brine.labels
             * @classdesc Represents an Ask.
             * @constructor
             * @param {brine.labels.Ask.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Ask = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Ask most.
             * @member {number} most
             * @memberof brine.labels.Ask
             * @instance
             */
            Ask.prototype.most = 0;

            /**
             * Encodes the specified Ask message. Does not implicitly {@link brine.labels.Ask.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Ask
             * @static
             * @param {brine.labels.Ask.$Properties} message Ask message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Ask.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.most != null && $Object.hasOwnProperty.call(message, "most") && message.most !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.most);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Ask message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Ask
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Ask & brine.labels.Ask.$Shape} Ask
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Ask.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Ask();
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
                                message.most = value;
                            else
                                delete message.most;
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
             * Gets the type url for Ask
             * @function getTypeUrl
             * @memberof brine.labels.Ask
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Ask.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Ask";
            };

            return Ask;
        })();

        labels.Lease = (function() {

            /**
             * Properties of a Lease.
             * @typedef {Object} brine.labels.Lease.$Properties
             * @property {number|null} [lease] Lease lease
             * @property {Array.<number>|null} [rows] Lease rows
             * @property {number|null} [milliseconds] Lease milliseconds
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Lease.
             * @memberof brine.labels
             * @interface ILease
             * @augments brine.labels.Lease.$Properties
             * @deprecated Use brine.labels.Lease.$Properties instead.
             */

            /**
             * Shape of a Lease.
             * @typedef {brine.labels.Lease.$Properties} brine.labels.Lease.$Shape
             */

            /**
             * Constructs a new Lease.
             * @memberof brine.labels
             * @classdesc Represents a Lease.
             * @constructor
             * @param {brine.labels.Lease.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Lease = function (properties) {
                this.rows = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Lease lease.
             * @member {number} lease
             * @memberof brine.labels.Lease
             * @instance
             */
            Lease.prototype.lease = 0;

            /**
             * Lease rows.
             * @member {Array.<number>} rows
             * @memberof brine.labels.Lease
             * @instance
             */
            Lease.prototype.rows = $util.emptyArray;

            /**
             * Lease milliseconds.
             * @member {number} milliseconds
             * @memberof brine.labels.Lease
             * @instance
             */
            Lease.prototype.milliseconds = 0;

            /**
             * Encodes the specified Lease message. Does not implicitly {@link brine.labels.Lease.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Lease
             * @static
             * @param {brine.labels.Lease.$Properties} message Lease message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Lease.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && !$Object.is(message.lease, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.lease);
                if (message.rows != null && message.rows.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).uint32s(message.rows);
                if (message.milliseconds != null && $Object.hasOwnProperty.call(message, "milliseconds") && message.milliseconds !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.milliseconds);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Lease message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Lease
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Lease & brine.labels.Lease.$Shape} Lease
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Lease.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Lease();
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
                                message.lease = value;
                            else
                                delete message.lease;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.rows && message.rows.length))
                                    message.rows = [];
                                reader.uint32s(message.rows);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rows && message.rows.length))
                                message.rows = [];
                            message.rows.push(reader.uint32());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.milliseconds = value;
                            else
                                delete message.milliseconds;
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
             * Gets the type url for Lease
             * @function getTypeUrl
             * @memberof brine.labels.Lease
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Lease.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Lease";
            };

            return Lease;
        })();

        labels.Deliver = (function() {

            /**
             * Properties of a Deliver.
             * @typedef {Object} brine.labels.Deliver.$Properties
             * @property {number|null} [lease] Deliver lease
             * @property {Array.<number>|null} [rows] Deliver rows
             * @property {number|null} [delivery] Deliver delivery
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Deliver.
             * @memberof brine.labels
             * @interface IDeliver
             * @augments brine.labels.Deliver.$Properties
             * @deprecated Use brine.labels.Deliver.$Properties instead.
             */

            /**
             * Shape of a Deliver.
             * @typedef {brine.labels.Deliver.$Properties} brine.labels.Deliver.$Shape
             */

            /**
             * Constructs a new Deliver.
             * @memberof brine.labels
             * @classdesc Represents a Deliver.
             * @constructor
             * @param {brine.labels.Deliver.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Deliver = function (properties) {
                this.rows = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Deliver lease.
             * @member {number} lease
             * @memberof brine.labels.Deliver
             * @instance
             */
            Deliver.prototype.lease = 0;

            /**
             * Deliver rows.
             * @member {Array.<number>} rows
             * @memberof brine.labels.Deliver
             * @instance
             */
            Deliver.prototype.rows = $util.emptyArray;

            /**
             * Deliver delivery.
             * @member {number} delivery
             * @memberof brine.labels.Deliver
             * @instance
             */
            Deliver.prototype.delivery = 0;

            /**
             * Encodes the specified Deliver message. Does not implicitly {@link brine.labels.Deliver.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Deliver
             * @static
             * @param {brine.labels.Deliver.$Properties} message Deliver message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Deliver.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && !$Object.is(message.lease, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.lease);
                if (message.rows != null && message.rows.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).uint32s(message.rows);
                if (message.delivery != null && $Object.hasOwnProperty.call(message, "delivery") && message.delivery !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.delivery);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Deliver message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Deliver
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Deliver & brine.labels.Deliver.$Shape} Deliver
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Deliver.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Deliver();
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
                                message.lease = value;
                            else
                                delete message.lease;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.rows && message.rows.length))
                                    message.rows = [];
                                reader.uint32s(message.rows);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rows && message.rows.length))
                                message.rows = [];
                            message.rows.push(reader.uint32());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.delivery = value;
                            else
                                delete message.delivery;
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
             * Gets the type url for Deliver
             * @function getTypeUrl
             * @memberof brine.labels.Deliver
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Deliver.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Deliver";
            };

            return Deliver;
        })();

        labels.Stored = (function() {

            /**
             * Properties of a Stored.
             * @typedef {Object} brine.labels.Stored.$Properties
             * @property {number|null} [lease] Stored lease
             * @property {number|null} [delivery] Stored delivery
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Stored.
             * @memberof brine.labels
             * @interface IStored
             * @augments brine.labels.Stored.$Properties
             * @deprecated Use brine.labels.Stored.$Properties instead.
             */

            /**
             * Shape of a Stored.
             * @typedef {brine.labels.Stored.$Properties} brine.labels.Stored.$Shape
             */

            /**
             * Constructs a new Stored.
             * @memberof brine.labels
             * @classdesc Represents a Stored.
             * @constructor
             * @param {brine.labels.Stored.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Stored = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Stored lease.
             * @member {number} lease
             * @memberof brine.labels.Stored
             * @instance
             */
            Stored.prototype.lease = 0;

            /**
             * Stored delivery.
             * @member {number} delivery
             * @memberof brine.labels.Stored
             * @instance
             */
            Stored.prototype.delivery = 0;

            /**
             * Encodes the specified Stored message. Does not implicitly {@link brine.labels.Stored.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Stored
             * @static
             * @param {brine.labels.Stored.$Properties} message Stored message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Stored.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && !$Object.is(message.lease, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.lease);
                if (message.delivery != null && $Object.hasOwnProperty.call(message, "delivery") && message.delivery !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.delivery);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Stored message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Stored
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Stored & brine.labels.Stored.$Shape} Stored
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Stored.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Stored();
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
                                message.lease = value;
                            else
                                delete message.lease;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.delivery = value;
                            else
                                delete message.delivery;
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
             * Gets the type url for Stored
             * @function getTypeUrl
             * @memberof brine.labels.Stored
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Stored.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Stored";
            };

            return Stored;
        })();

        labels.GiveBack = (function() {

            /**
             * Properties of a GiveBack.
             * @typedef {Object} brine.labels.GiveBack.$Properties
             * @property {number|null} [lease] GiveBack lease
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a GiveBack.
             * @memberof brine.labels
             * @interface IGiveBack
             * @augments brine.labels.GiveBack.$Properties
             * @deprecated Use brine.labels.GiveBack.$Properties instead.
             */

            /**
             * Shape of a GiveBack.
             * @typedef {brine.labels.GiveBack.$Properties} brine.labels.GiveBack.$Shape
             */

            /**
             * Constructs a new GiveBack.
             * @memberof brine.labels
             * @classdesc Represents a GiveBack.
             * @constructor
             * @param {brine.labels.GiveBack.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const GiveBack = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * GiveBack lease.
             * @member {number} lease
             * @memberof brine.labels.GiveBack
             * @instance
             */
            GiveBack.prototype.lease = 0;

            /**
             * Encodes the specified GiveBack message. Does not implicitly {@link brine.labels.GiveBack.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.GiveBack
             * @static
             * @param {brine.labels.GiveBack.$Properties} message GiveBack message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            GiveBack.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && !$Object.is(message.lease, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.lease);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a GiveBack message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.GiveBack
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.GiveBack & brine.labels.GiveBack.$Shape} GiveBack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            GiveBack.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.GiveBack();
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
                                message.lease = value;
                            else
                                delete message.lease;
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
             * Gets the type url for GiveBack
             * @function getTypeUrl
             * @memberof brine.labels.GiveBack
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            GiveBack.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.GiveBack";
            };

            return GiveBack;
        })();

        labels.Fetch = (function() {

            /**
             * Properties of a Fetch.
             * @typedef {Object} brine.labels.Fetch.$Properties
             * @property {number|null} [request] Fetch request
             * @property {Array.<number>|null} [rows] Fetch rows
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Fetch.
             * @memberof brine.labels
             * @interface IFetch
             * @augments brine.labels.Fetch.$Properties
             * @deprecated Use brine.labels.Fetch.$Properties instead.
             */

            /**
             * Shape of a Fetch.
             * @typedef {brine.labels.Fetch.$Properties} brine.labels.Fetch.$Shape
             */

            /**
             * Constructs a new Fetch.
             * @memberof brine.labels
             * @classdesc Represents a Fetch.
             * @constructor
             * @param {brine.labels.Fetch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Fetch = function (properties) {
                this.rows = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Fetch request.
             * @member {number} request
             * @memberof brine.labels.Fetch
             * @instance
             */
            Fetch.prototype.request = 0;

            /**
             * Fetch rows.
             * @member {Array.<number>} rows
             * @memberof brine.labels.Fetch
             * @instance
             */
            Fetch.prototype.rows = $util.emptyArray;

            /**
             * Encodes the specified Fetch message. Does not implicitly {@link brine.labels.Fetch.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Fetch
             * @static
             * @param {brine.labels.Fetch.$Properties} message Fetch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Fetch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.request != null && $Object.hasOwnProperty.call(message, "request") && message.request !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.request);
                if (message.rows != null && message.rows.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).uint32s(message.rows);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Fetch message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Fetch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Fetch & brine.labels.Fetch.$Shape} Fetch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Fetch.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Fetch();
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
                                message.request = value;
                            else
                                delete message.request;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.rows && message.rows.length))
                                    message.rows = [];
                                reader.uint32s(message.rows);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rows && message.rows.length))
                                message.rows = [];
                            message.rows.push(reader.uint32());
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
             * Gets the type url for Fetch
             * @function getTypeUrl
             * @memberof brine.labels.Fetch
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Fetch.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Fetch";
            };

            return Fetch;
        })();

        labels.Records = (function() {

            /**
             * Properties of a Records.
             * @typedef {Object} brine.labels.Records.$Properties
             * @property {number|null} [request] Records request
             * @property {Array.<number>|null} [rows] Records rows
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Records.
             * @memberof brine.labels
             * @interface IRecords
             * @augments brine.labels.Records.$Properties
             * @deprecated Use brine.labels.Records.$Properties instead.
             */

            /**
             * Shape of a Records.
             * @typedef {brine.labels.Records.$Properties} brine.labels.Records.$Shape
             */

            /**
             * Constructs a new Records.
             * @memberof brine.labels
             * @classdesc Represents a Records.
             * @constructor
             * @param {brine.labels.Records.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Records = function (properties) {
                this.rows = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Records request.
             * @member {number} request
             * @memberof brine.labels.Records
             * @instance
             */
            Records.prototype.request = 0;

            /**
             * Records rows.
             * @member {Array.<number>} rows
             * @memberof brine.labels.Records
             * @instance
             */
            Records.prototype.rows = $util.emptyArray;

            /**
             * Encodes the specified Records message. Does not implicitly {@link brine.labels.Records.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Records
             * @static
             * @param {brine.labels.Records.$Properties} message Records message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Records.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.request != null && $Object.hasOwnProperty.call(message, "request") && message.request !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.request);
                if (message.rows != null && message.rows.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).uint32s(message.rows);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Records message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Records
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Records & brine.labels.Records.$Shape} Records
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Records.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Records();
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
                                message.request = value;
                            else
                                delete message.request;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.rows && message.rows.length))
                                    message.rows = [];
                                reader.uint32s(message.rows);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rows && message.rows.length))
                                message.rows = [];
                            message.rows.push(reader.uint32());
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
             * Gets the type url for Records
             * @function getTypeUrl
             * @memberof brine.labels.Records
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Records.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Records";
            };

            return Records;
        })();

        labels.Missing = (function() {

            /**
             * Properties of a Missing.
             * @typedef {Object} brine.labels.Missing.$Properties
             * @property {number|null} [request] Missing request
             * @property {Array.<number>|null} [rows] Missing rows
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Missing.
             * @memberof brine.labels
             * @interface IMissing
             * @augments brine.labels.Missing.$Properties
             * @deprecated Use brine.labels.Missing.$Properties instead.
             */

            /**
             * Shape of a Missing.
             * @typedef {brine.labels.Missing.$Properties} brine.labels.Missing.$Shape
             */

            /**
             * Constructs a new Missing.
             * @memberof brine.labels
             * @classdesc Represents a Missing.
             * @constructor
             * @param {brine.labels.Missing.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Missing = function (properties) {
                this.rows = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Missing request.
             * @member {number} request
             * @memberof brine.labels.Missing
             * @instance
             */
            Missing.prototype.request = 0;

            /**
             * Missing rows.
             * @member {Array.<number>} rows
             * @memberof brine.labels.Missing
             * @instance
             */
            Missing.prototype.rows = $util.emptyArray;

            /**
             * Encodes the specified Missing message. Does not implicitly {@link brine.labels.Missing.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Missing
             * @static
             * @param {brine.labels.Missing.$Properties} message Missing message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Missing.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.request != null && $Object.hasOwnProperty.call(message, "request") && message.request !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.request);
                if (message.rows != null && message.rows.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).uint32s(message.rows);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Missing message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Missing
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Missing & brine.labels.Missing.$Shape} Missing
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Missing.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Missing();
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
                                message.request = value;
                            else
                                delete message.request;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.rows && message.rows.length))
                                    message.rows = [];
                                reader.uint32s(message.rows);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rows && message.rows.length))
                                message.rows = [];
                            message.rows.push(reader.uint32());
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
             * Gets the type url for Missing
             * @function getTypeUrl
             * @memberof brine.labels.Missing
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Missing.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Missing";
            };

            return Missing;
        })();

        labels.AskModel = (function() {

            /**
             * Properties of an AskModel.
             * @typedef {Object} brine.labels.AskModel.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AskModel.
             * @memberof brine.labels
             * @interface IAskModel
             * @augments brine.labels.AskModel.$Properties
             * @deprecated Use brine.labels.AskModel.$Properties instead.
             */

            /**
             * Shape of an AskModel.
             * @typedef {brine.labels.AskModel.$Properties} brine.labels.AskModel.$Shape
             */

            /**
             * Constructs a new AskModel.
             * @memberof brine.labels
             * @classdesc Represents an AskModel.
             * @constructor
             * @param {brine.labels.AskModel.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AskModel = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified AskModel message. Does not implicitly {@link brine.labels.AskModel.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.AskModel
             * @static
             * @param {brine.labels.AskModel.$Properties} message AskModel message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AskModel.encode = function (message, writer, _depth) {
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
             * Decodes an AskModel message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.AskModel
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.AskModel & brine.labels.AskModel.$Shape} AskModel
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AskModel.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.AskModel();
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
             * Gets the type url for AskModel
             * @function getTypeUrl
             * @memberof brine.labels.AskModel
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            AskModel.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.AskModel";
            };

            return AskModel;
        })();

        labels.Model = (function() {

            /**
             * Properties of a Model.
             * @typedef {Object} brine.labels.Model.$Properties
             * @property {Array.<brine.labels.ModelFile.$Properties>|null} [files] Model files
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Model.
             * @memberof brine.labels
             * @interface IModel
             * @augments brine.labels.Model.$Properties
             * @deprecated Use brine.labels.Model.$Properties instead.
             */

            /**
             * Shape of a Model.
             * @typedef {brine.labels.Model.$Properties} brine.labels.Model.$Shape
             */

            /**
             * Constructs a new Model.
             * @memberof brine.labels
             * @classdesc Represents a Model.
             * @constructor
             * @param {brine.labels.Model.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Model = function (properties) {
                this.files = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Model files.
             * @member {Array.<brine.labels.ModelFile.$Properties>} files
             * @memberof brine.labels.Model
             * @instance
             */
            Model.prototype.files = $util.emptyArray;

            /**
             * Encodes the specified Model message. Does not implicitly {@link brine.labels.Model.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Model
             * @static
             * @param {brine.labels.Model.$Properties} message Model message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Model.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.files != null && message.files.length)
                    for (let i = 0; i < message.files.length; ++i)
                        $root.brine.labels.ModelFile.encode(message.files[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Model message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Model
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Model & brine.labels.Model.$Shape} Model
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Model.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Model();
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
                            if (!(message.files && message.files.length))
                                message.files = [];
                            message.files.push($root.brine.labels.ModelFile.decode(reader, reader.size(), $undefined, _depth + 1));
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
             * Gets the type url for Model
             * @function getTypeUrl
             * @memberof brine.labels.Model
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Model.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Model";
            };

            return Model;
        })();

        labels.ModelFile = (function() {

            /**
             * Properties of a ModelFile.
             * @typedef {Object} brine.labels.ModelFile.$Properties
             * @property {string|null} [name] ModelFile name
             * @property {number|null} [size] ModelFile size
             * @property {string|null} [sha256] ModelFile sha256
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ModelFile.
             * @memberof brine.labels
             * @interface IModelFile
             * @augments brine.labels.ModelFile.$Properties
             * @deprecated Use brine.labels.ModelFile.$Properties instead.
             */

            /**
             * Shape of a ModelFile.
             * @typedef {brine.labels.ModelFile.$Properties} brine.labels.ModelFile.$Shape
             */

            /**
             * Constructs a new ModelFile.
             * @memberof brine.labels
             * @classdesc Represents a ModelFile.
             * @constructor
             * @param {brine.labels.ModelFile.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ModelFile = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ModelFile name.
             * @member {string} name
             * @memberof brine.labels.ModelFile
             * @instance
             */
            ModelFile.prototype.name = "";

            /**
             * ModelFile size.
             * @member {number} size
             * @memberof brine.labels.ModelFile
             * @instance
             */
            ModelFile.prototype.size = 0;

            /**
             * ModelFile sha256.
             * @member {string} sha256
             * @memberof brine.labels.ModelFile
             * @instance
             */
            ModelFile.prototype.sha256 = "";

            /**
             * Encodes the specified ModelFile message. Does not implicitly {@link brine.labels.ModelFile.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.ModelFile
             * @static
             * @param {brine.labels.ModelFile.$Properties} message ModelFile message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ModelFile.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.size != null && $Object.hasOwnProperty.call(message, "size") && !$Object.is(message.size, 0))
                    writer.uint32(/* id 2, wireType 1 =*/17).double(message.size);
                if (message.sha256 != null && $Object.hasOwnProperty.call(message, "sha256") && message.sha256 !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.sha256);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ModelFile message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.ModelFile
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.ModelFile & brine.labels.ModelFile.$Shape} ModelFile
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ModelFile.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.ModelFile();
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
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.size = value;
                            else
                                delete message.size;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.sha256 = value;
                            else
                                delete message.sha256;
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
             * Gets the type url for ModelFile
             * @function getTypeUrl
             * @memberof brine.labels.ModelFile
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            ModelFile.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.ModelFile";
            };

            return ModelFile;
        })();

        labels.AskChunk = (function() {

            /**
             * Properties of an AskChunk.
             * @typedef {Object} brine.labels.AskChunk.$Properties
             * @property {number|null} [request] AskChunk request
             * @property {string|null} [name] AskChunk name
             * @property {number|null} [offset] AskChunk offset
             * @property {number|null} [length] AskChunk length
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AskChunk.
             * @memberof brine.labels
             * @interface IAskChunk
             * @augments brine.labels.AskChunk.$Properties
             * @deprecated Use brine.labels.AskChunk.$Properties instead.
             */

            /**
             * Shape of an AskChunk.
             * @typedef {brine.labels.AskChunk.$Properties} brine.labels.AskChunk.$Shape
             */

            /**
             * Constructs a new AskChunk.
             * @memberof brine.labels
             * @classdesc Represents an AskChunk.
             * @constructor
             * @param {brine.labels.AskChunk.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AskChunk = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AskChunk request.
             * @member {number} request
             * @memberof brine.labels.AskChunk
             * @instance
             */
            AskChunk.prototype.request = 0;

            /**
             * AskChunk name.
             * @member {string} name
             * @memberof brine.labels.AskChunk
             * @instance
             */
            AskChunk.prototype.name = "";

            /**
             * AskChunk offset.
             * @member {number} offset
             * @memberof brine.labels.AskChunk
             * @instance
             */
            AskChunk.prototype.offset = 0;

            /**
             * AskChunk length.
             * @member {number} length
             * @memberof brine.labels.AskChunk
             * @instance
             */
            AskChunk.prototype.length = 0;

            /**
             * Encodes the specified AskChunk message. Does not implicitly {@link brine.labels.AskChunk.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.AskChunk
             * @static
             * @param {brine.labels.AskChunk.$Properties} message AskChunk message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AskChunk.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.request != null && $Object.hasOwnProperty.call(message, "request") && message.request !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.request);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && !$Object.is(message.offset, 0))
                    writer.uint32(/* id 3, wireType 1 =*/25).double(message.offset);
                if (message.length != null && $Object.hasOwnProperty.call(message, "length") && message.length !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.length);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AskChunk message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.AskChunk
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.AskChunk & brine.labels.AskChunk.$Shape} AskChunk
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AskChunk.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.AskChunk();
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
                                message.request = value;
                            else
                                delete message.request;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.offset = value;
                            else
                                delete message.offset;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.length = value;
                            else
                                delete message.length;
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
             * Gets the type url for AskChunk
             * @function getTypeUrl
             * @memberof brine.labels.AskChunk
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            AskChunk.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.AskChunk";
            };

            return AskChunk;
        })();

        labels.Chunk = (function() {

            /**
             * Properties of a Chunk.
             * @typedef {Object} brine.labels.Chunk.$Properties
             * @property {number|null} [request] Chunk request
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Chunk.
             * @memberof brine.labels
             * @interface IChunk
             * @augments brine.labels.Chunk.$Properties
             * @deprecated Use brine.labels.Chunk.$Properties instead.
             */

            /**
             * Shape of a Chunk.
             * @typedef {brine.labels.Chunk.$Properties} brine.labels.Chunk.$Shape
             */

            /**
             * Constructs a new Chunk.
             * @memberof brine.labels
             * @classdesc Represents a Chunk.
             * @constructor
             * @param {brine.labels.Chunk.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Chunk = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Chunk request.
             * @member {number} request
             * @memberof brine.labels.Chunk
             * @instance
             */
            Chunk.prototype.request = 0;

            /**
             * Encodes the specified Chunk message. Does not implicitly {@link brine.labels.Chunk.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Chunk
             * @static
             * @param {brine.labels.Chunk.$Properties} message Chunk message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Chunk.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.request != null && $Object.hasOwnProperty.call(message, "request") && message.request !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.request);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Chunk message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Chunk
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Chunk & brine.labels.Chunk.$Shape} Chunk
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Chunk.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Chunk();
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
                                message.request = value;
                            else
                                delete message.request;
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
             * Gets the type url for Chunk
             * @function getTypeUrl
             * @memberof brine.labels.Chunk
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Chunk.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Chunk";
            };

            return Chunk;
        })();

        labels.Failed = (function() {

            /**
             * Properties of a Failed.
             * @typedef {Object} brine.labels.Failed.$Properties
             * @property {number|null} [number] Failed number
             * @property {string|null} [code] Failed code
             * @property {string|null} [message] Failed message
             * @property {string|null} [hint] Failed hint
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Failed.
             * @memberof brine.labels
             * @interface IFailed
             * @augments brine.labels.Failed.$Properties
             * @deprecated Use brine.labels.Failed.$Properties instead.
             */

            /**
             * Shape of a Failed.
             * @typedef {brine.labels.Failed.$Properties} brine.labels.Failed.$Shape
             */

            /**
             * Constructs a new Failed.
             * @memberof brine.labels
             * @classdesc Represents a Failed.
             * @constructor
             * @param {brine.labels.Failed.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Failed = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Failed number.
             * @member {number} number
             * @memberof brine.labels.Failed
             * @instance
             */
            Failed.prototype.number = 0;

            /**
             * Failed code.
             * @member {string} code
             * @memberof brine.labels.Failed
             * @instance
             */
            Failed.prototype.code = "";

            /**
             * Failed message.
             * @member {string} message
             * @memberof brine.labels.Failed
             * @instance
             */
            Failed.prototype.message = "";

            /**
             * Failed hint.
             * @member {string} hint
             * @memberof brine.labels.Failed
             * @instance
             */
            Failed.prototype.hint = "";

            /**
             * Encodes the specified Failed message. Does not implicitly {@link brine.labels.Failed.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Failed
             * @static
             * @param {brine.labels.Failed.$Properties} message Failed message or plain object to encode
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
                if (message.number != null && $Object.hasOwnProperty.call(message, "number") && !$Object.is(message.number, 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.number);
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.code);
                if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.message);
                if (message.hint != null && $Object.hasOwnProperty.call(message, "hint") && message.hint !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.hint);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Failed message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Failed
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Failed & brine.labels.Failed.$Shape} Failed
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
                message = _target || new $root.brine.labels.Failed();
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
                                message.number = value;
                            else
                                delete message.number;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.message = value;
                            else
                                delete message.message;
                            continue;
                        }
                    case 4: {
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
             * Gets the type url for Failed
             * @function getTypeUrl
             * @memberof brine.labels.Failed
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Failed.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Failed";
            };

            return Failed;
        })();

        labels.AskStats = (function() {

            /**
             * Properties of an AskStats.
             * @typedef {Object} brine.labels.AskStats.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AskStats.
             * @memberof brine.labels
             * @interface IAskStats
             * @augments brine.labels.AskStats.$Properties
             * @deprecated Use brine.labels.AskStats.$Properties instead.
             */

            /**
             * Shape of an AskStats.
             * @typedef {brine.labels.AskStats.$Properties} brine.labels.AskStats.$Shape
             */

            /**
             * Constructs a new AskStats.
             * @memberof brine.labels
             * @classdesc Represents an AskStats.
             * @constructor
             * @param {brine.labels.AskStats.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AskStats = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified AskStats message. Does not implicitly {@link brine.labels.AskStats.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.AskStats
             * @static
             * @param {brine.labels.AskStats.$Properties} message AskStats message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AskStats.encode = function (message, writer, _depth) {
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
             * Decodes an AskStats message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.AskStats
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.AskStats & brine.labels.AskStats.$Shape} AskStats
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AskStats.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.AskStats();
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
             * Gets the type url for AskStats
             * @function getTypeUrl
             * @memberof brine.labels.AskStats
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            AskStats.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.AskStats";
            };

            return AskStats;
        })();

        labels.Stats = (function() {

            /**
             * Properties of a Stats.
             * @typedef {Object} brine.labels.Stats.$Properties
             * @property {number|null} [teachersAlive] Stats teachersAlive
             * @property {number|null} [rowsPerSecond] Stats rowsPerSecond
             * @property {number|null} [tokensPerSecond] Stats tokensPerSecond
             * @property {number|null} [rowsAhead] Stats rowsAhead
             * @property {number|null} [hits] Stats hits
             * @property {number|null} [misses] Stats misses
             * @property {number|null} [stored] Stats stored
             * @property {number|null} [conflicts] Stats conflicts
             * @property {boolean|null} [replay] Stats replay
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Stats.
             * @memberof brine.labels
             * @interface IStats
             * @augments brine.labels.Stats.$Properties
             * @deprecated Use brine.labels.Stats.$Properties instead.
             */

            /**
             * Shape of a Stats.
             * @typedef {brine.labels.Stats.$Properties} brine.labels.Stats.$Shape
             */

            /**
             * Constructs a new Stats.
             * @memberof brine.labels
             * @classdesc Represents a Stats.
             * @constructor
             * @param {brine.labels.Stats.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Stats = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Stats teachersAlive.
             * @member {number} teachersAlive
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.teachersAlive = 0;

            /**
             * Stats rowsPerSecond.
             * @member {number} rowsPerSecond
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.rowsPerSecond = 0;

            /**
             * Stats tokensPerSecond.
             * @member {number} tokensPerSecond
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.tokensPerSecond = 0;

            /**
             * Stats rowsAhead.
             * @member {number} rowsAhead
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.rowsAhead = 0;

            /**
             * Stats hits.
             * @member {number} hits
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.hits = 0;

            /**
             * Stats misses.
             * @member {number} misses
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.misses = 0;

            /**
             * Stats stored.
             * @member {number} stored
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.stored = 0;

            /**
             * Stats conflicts.
             * @member {number} conflicts
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.conflicts = 0;

            /**
             * Stats replay.
             * @member {boolean} replay
             * @memberof brine.labels.Stats
             * @instance
             */
            Stats.prototype.replay = false;

            /**
             * Encodes the specified Stats message. Does not implicitly {@link brine.labels.Stats.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Stats
             * @static
             * @param {brine.labels.Stats.$Properties} message Stats message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Stats.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.teachersAlive != null && $Object.hasOwnProperty.call(message, "teachersAlive") && message.teachersAlive !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.teachersAlive);
                if (message.rowsPerSecond != null && $Object.hasOwnProperty.call(message, "rowsPerSecond") && !$Object.is(message.rowsPerSecond, 0))
                    writer.uint32(/* id 2, wireType 1 =*/17).double(message.rowsPerSecond);
                if (message.tokensPerSecond != null && $Object.hasOwnProperty.call(message, "tokensPerSecond") && !$Object.is(message.tokensPerSecond, 0))
                    writer.uint32(/* id 3, wireType 1 =*/25).double(message.tokensPerSecond);
                if (message.rowsAhead != null && $Object.hasOwnProperty.call(message, "rowsAhead") && message.rowsAhead !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.rowsAhead);
                if (message.hits != null && $Object.hasOwnProperty.call(message, "hits") && !$Object.is(message.hits, 0))
                    writer.uint32(/* id 5, wireType 1 =*/41).double(message.hits);
                if (message.misses != null && $Object.hasOwnProperty.call(message, "misses") && !$Object.is(message.misses, 0))
                    writer.uint32(/* id 6, wireType 1 =*/49).double(message.misses);
                if (message.stored != null && $Object.hasOwnProperty.call(message, "stored") && message.stored !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.stored);
                if (message.conflicts != null && $Object.hasOwnProperty.call(message, "conflicts") && message.conflicts !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.conflicts);
                if (message.replay != null && $Object.hasOwnProperty.call(message, "replay") && message.replay !== false)
                    writer.uint32(/* id 9, wireType 0 =*/72).bool(message.replay);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Stats message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Stats
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Stats & brine.labels.Stats.$Shape} Stats
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Stats.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Stats();
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
                                message.teachersAlive = value;
                            else
                                delete message.teachersAlive;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.rowsPerSecond = value;
                            else
                                delete message.rowsPerSecond;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.tokensPerSecond = value;
                            else
                                delete message.tokensPerSecond;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rowsAhead = value;
                            else
                                delete message.rowsAhead;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.hits = value;
                            else
                                delete message.hits;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.misses = value;
                            else
                                delete message.misses;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stored = value;
                            else
                                delete message.stored;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.conflicts = value;
                            else
                                delete message.conflicts;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.replay = value;
                            else
                                delete message.replay;
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
             * Gets the type url for Stats
             * @function getTypeUrl
             * @memberof brine.labels.Stats
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Stats.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Stats";
            };

            return Stats;
        })();

        labels.Alive = (function() {

            /**
             * Properties of an Alive.
             * @typedef {Object} brine.labels.Alive.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Alive.
             * @memberof brine.labels
             * @interface IAlive
             * @augments brine.labels.Alive.$Properties
             * @deprecated Use brine.labels.Alive.$Properties instead.
             */

            /**
             * Shape of an Alive.
             * @typedef {brine.labels.Alive.$Properties} brine.labels.Alive.$Shape
             */

            /**
             * Constructs a new Alive.
             * @memberof brine.labels
             * @classdesc Represents an Alive.
             * @constructor
             * @param {brine.labels.Alive.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Alive = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified Alive message. Does not implicitly {@link brine.labels.Alive.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Alive
             * @static
             * @param {brine.labels.Alive.$Properties} message Alive message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Alive.encode = function (message, writer, _depth) {
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
             * Decodes an Alive message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Alive
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Alive & brine.labels.Alive.$Shape} Alive
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Alive.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Alive();
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
             * Gets the type url for Alive
             * @function getTypeUrl
             * @memberof brine.labels.Alive
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Alive.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Alive";
            };

            return Alive;
        })();

        labels.Leave = (function() {

            /**
             * Properties of a Leave.
             * @typedef {Object} brine.labels.Leave.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Leave.
             * @memberof brine.labels
             * @interface ILeave
             * @augments brine.labels.Leave.$Properties
             * @deprecated Use brine.labels.Leave.$Properties instead.
             */

            /**
             * Shape of a Leave.
             * @typedef {brine.labels.Leave.$Properties} brine.labels.Leave.$Shape
             */

            /**
             * Constructs a new Leave.
             * @memberof brine.labels
             * @classdesc Represents a Leave.
             * @constructor
             * @param {brine.labels.Leave.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Leave = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified Leave message. Does not implicitly {@link brine.labels.Leave.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Leave
             * @static
             * @param {brine.labels.Leave.$Properties} message Leave message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Leave.encode = function (message, writer, _depth) {
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
             * Decodes a Leave message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Leave
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Leave & brine.labels.Leave.$Shape} Leave
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Leave.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Leave();
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
             * Gets the type url for Leave
             * @function getTypeUrl
             * @memberof brine.labels.Leave
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Leave.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Leave";
            };

            return Leave;
        })();

        labels.Bye = (function() {

            /**
             * Properties of a Bye.
             * @typedef {Object} brine.labels.Bye.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Bye.
             * @memberof brine.labels
             * @interface IBye
             * @augments brine.labels.Bye.$Properties
             * @deprecated Use brine.labels.Bye.$Properties instead.
             */

            /**
             * Shape of a Bye.
             * @typedef {brine.labels.Bye.$Properties} brine.labels.Bye.$Shape
             */

            /**
             * Constructs a new Bye.
             * @memberof brine.labels
             * @classdesc Represents a Bye.
             * @constructor
             * @param {brine.labels.Bye.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Bye = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified Bye message. Does not implicitly {@link brine.labels.Bye.verify|verify} messages.
             * @function encode
             * @memberof brine.labels.Bye
             * @static
             * @param {brine.labels.Bye.$Properties} message Bye message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Bye.encode = function (message, writer, _depth) {
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
             * Decodes a Bye message from the specified reader or buffer.
             * @function decode
             * @memberof brine.labels.Bye
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.labels.Bye & brine.labels.Bye.$Shape} Bye
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Bye.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.labels.Bye();
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
             * Gets the type url for Bye
             * @function getTypeUrl
             * @memberof brine.labels.Bye
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Bye.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.labels.Bye";
            };

            return Bye;
        })();

        return labels;
    })();

    return brine;
})();

export {
  $root as default
};
