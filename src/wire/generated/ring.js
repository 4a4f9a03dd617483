/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["ring"] || ($protobuf.roots["ring"] = {});

export const brine = $root.brine = (() => {

    /**
     * Namespace brine.
     * @exports brine
     * @namespace
     */
    const brine = {};

    brine.ring = (function() {

        /**
         * Namespace ring.
         * @memberof brine
         * @namespace
         */
        const ring = {};

        ring.RingHello = (function() {

            /**
             * Properties of a RingHello.
             * @typedef {Object} brine.ring.RingHello.$Properties
             * @property {string|null} [run] RingHello run
             * @property {number|null} [generation] RingHello generation
             * @property {number|null} [rank] RingHello rank
             * @property {number|null} [size] RingHello size
             * @property {number|null} [chunkBytes] RingHello chunkBytes
             * @property {string|null} [wire] RingHello wire
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RingHello.
             * @memberof brine.ring
             * @interface IRingHello
             * @augments brine.ring.RingHello.$Properties
             * @deprecated Use brine.ring.RingHello.$Properties instead.
             */

            /**
             * Shape of a RingHello.
             * @typedef {brine.ring.RingHello.$Properties} brine.ring.RingHello.$Shape
             */

            /**
             * Constructs a new RingHello.
             * @memberof brine.ring
             * @classdesc Represents a RingHello.
             * @constructor
             * @param {brine.ring.RingHello.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RingHello = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RingHello run.
             * @member {string} run
             * @memberof brine.ring.RingHello
             * @instance
             */
            RingHello.prototype.run = "";

            /**
             * RingHello generation.
             * @member {number} generation
             * @memberof brine.ring.RingHello
             * @instance
             */
            RingHello.prototype.generation = 0;

            /**
             * RingHello rank.
             * @member {number} rank
             * @memberof brine.ring.RingHello
             * @instance
             */
            RingHello.prototype.rank = 0;

            /**
             * RingHello size.
             * @member {number} size
             * @memberof brine.ring.RingHello
             * @instance
             */
            RingHello.prototype.size = 0;

            /**
             * RingHello chunkBytes.
             * @member {number} chunkBytes
             * @memberof brine.ring.RingHello
             * @instance
             */
            RingHello.prototype.chunkBytes = 0;

            /**
             * RingHello wire.
             * @member {string} wire
             * @memberof brine.ring.RingHello
             * @instance
             */
            RingHello.prototype.wire = "";

            /**
             * Encodes the specified RingHello message. Does not implicitly {@link brine.ring.RingHello.verify|verify} messages.
             * @function encode
             * @memberof brine.ring.RingHello
             * @static
             * @param {brine.ring.RingHello.$Properties} message RingHello message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RingHello.encode = function (message, writer, _depth) {
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
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.rank);
                if (message.size != null && $Object.hasOwnProperty.call(message, "size") && message.size !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.size);
                if (message.chunkBytes != null && $Object.hasOwnProperty.call(message, "chunkBytes") && message.chunkBytes !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.chunkBytes);
                if (message.wire != null && $Object.hasOwnProperty.call(message, "wire") && message.wire !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.wire);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RingHello message from the specified reader or buffer.
             * @function decode
             * @memberof brine.ring.RingHello
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.ring.RingHello & brine.ring.RingHello.$Shape} RingHello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RingHello.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.ring.RingHello();
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
                                message.rank = value;
                            else
                                delete message.rank;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.size = value;
                            else
                                delete message.size;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.chunkBytes = value;
                            else
                                delete message.chunkBytes;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.wire = value;
                            else
                                delete message.wire;
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
             * Gets the type url for RingHello
             * @function getTypeUrl
             * @memberof brine.ring.RingHello
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            RingHello.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.ring.RingHello";
            };

            return RingHello;
        })();

        ring.RingChunk = (function() {

            /**
             * Properties of a RingChunk.
             * @typedef {Object} brine.ring.RingChunk.$Properties
             * @property {string|null} [run] RingChunk run
             * @property {number|null} [generation] RingChunk generation
             * @property {number|null} [step] RingChunk step
             * @property {number|null} [call] RingChunk call
             * @property {number|null} [bucket] RingChunk bucket
             * @property {number|null} [hop] RingChunk hop
             * @property {number|null} [chunk] RingChunk chunk
             * @property {number|null} [sum] RingChunk sum
             * @property {number|null} [bytes] RingChunk bytes
             * @property {number|null} [mix] RingChunk mix
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RingChunk.
             * @memberof brine.ring
             * @interface IRingChunk
             * @augments brine.ring.RingChunk.$Properties
             * @deprecated Use brine.ring.RingChunk.$Properties instead.
             */

            /**
             * Shape of a RingChunk.
             * @typedef {brine.ring.RingChunk.$Properties} brine.ring.RingChunk.$Shape
             */

            /**
             * Constructs a new RingChunk.
             * @memberof brine.ring
             * @classdesc Represents a RingChunk.
             * @constructor
             * @param {brine.ring.RingChunk.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RingChunk = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RingChunk run.
             * @member {string} run
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.run = "";

            /**
             * RingChunk generation.
             * @member {number} generation
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.generation = 0;

            /**
             * RingChunk step.
             * @member {number} step
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.step = 0;

            /**
             * RingChunk call.
             * @member {number} call
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.call = 0;

            /**
             * RingChunk bucket.
             * @member {number} bucket
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.bucket = 0;

            /**
             * RingChunk hop.
             * @member {number} hop
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.hop = 0;

            /**
             * RingChunk chunk.
             * @member {number} chunk
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.chunk = 0;

            /**
             * RingChunk sum.
             * @member {number} sum
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.sum = 0;

            /**
             * RingChunk bytes.
             * @member {number} bytes
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.bytes = 0;

            /**
             * RingChunk mix.
             * @member {number} mix
             * @memberof brine.ring.RingChunk
             * @instance
             */
            RingChunk.prototype.mix = 0;

            /**
             * Encodes the specified RingChunk message. Does not implicitly {@link brine.ring.RingChunk.verify|verify} messages.
             * @function encode
             * @memberof brine.ring.RingChunk
             * @static
             * @param {brine.ring.RingChunk.$Properties} message RingChunk message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RingChunk.encode = function (message, writer, _depth) {
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
                if (message.call != null && $Object.hasOwnProperty.call(message, "call") && message.call !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.call);
                if (message.bucket != null && $Object.hasOwnProperty.call(message, "bucket") && message.bucket !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.bucket);
                if (message.hop != null && $Object.hasOwnProperty.call(message, "hop") && message.hop !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.hop);
                if (message.chunk != null && $Object.hasOwnProperty.call(message, "chunk") && message.chunk !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.chunk);
                if (message.sum != null && $Object.hasOwnProperty.call(message, "sum") && message.sum !== 0)
                    writer.uint32(/* id 8, wireType 5 =*/69).fixed32(message.sum);
                if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && message.bytes !== 0)
                    writer.uint32(/* id 9, wireType 0 =*/72).uint32(message.bytes);
                if (message.mix != null && $Object.hasOwnProperty.call(message, "mix") && message.mix !== 0)
                    writer.uint32(/* id 10, wireType 5 =*/85).fixed32(message.mix);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RingChunk message from the specified reader or buffer.
             * @function decode
             * @memberof brine.ring.RingChunk
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.ring.RingChunk & brine.ring.RingChunk.$Shape} RingChunk
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RingChunk.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.ring.RingChunk();
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
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.call = value;
                            else
                                delete message.call;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.bucket = value;
                            else
                                delete message.bucket;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.hop = value;
                            else
                                delete message.hop;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.chunk = value;
                            else
                                delete message.chunk;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 5)
                                break;
                            if (value = reader.fixed32())
                                message.sum = value;
                            else
                                delete message.sum;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.bytes = value;
                            else
                                delete message.bytes;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 5)
                                break;
                            if (value = reader.fixed32())
                                message.mix = value;
                            else
                                delete message.mix;
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
             * Gets the type url for RingChunk
             * @function getTypeUrl
             * @memberof brine.ring.RingChunk
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            RingChunk.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.ring.RingChunk";
            };

            return RingChunk;
        })();

        return ring;
    })();

    return brine;
})();

export {
  $root as default
};
