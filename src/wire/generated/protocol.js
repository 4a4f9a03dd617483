/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["protocol"] || ($protobuf.roots["protocol"] = {});

export const brine = $root.brine = (() => {

    /**
     * Namespace brine.
     * @exports brine
     * @namespace
     */
    const brine = {};

    brine.protocol = (function() {

        /**
         * Namespace protocol.
         * @memberof brine
         * @namespace
         */
        const protocol = {};

        protocol.Envelope = (function() {

            /**
             * Properties of an Envelope.
             * @typedef {Object} brine.protocol.Envelope.$Properties
             * @property {string|null} [speaks] Envelope speaks
             * @property {string|null} [serves] Envelope serves
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Envelope.
             * @memberof brine.protocol
             * @interface IEnvelope
             * @augments brine.protocol.Envelope.$Properties
             * @deprecated Use brine.protocol.Envelope.$Properties instead.
             */

            /**
             * Shape of an Envelope.
             * @typedef {brine.protocol.Envelope.$Properties} brine.protocol.Envelope.$Shape
             */

            /**
             * Constructs a new Envelope.
             * @memberof brine.protocol
             * @classdesc Represents an Envelope.
             * @constructor
             * @param {brine.protocol.Envelope.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Envelope = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Envelope speaks.
             * @member {string} speaks
             * @memberof brine.protocol.Envelope
             * @instance
             */
            Envelope.prototype.speaks = "";

            /**
             * Envelope serves.
             * @member {string} serves
             * @memberof brine.protocol.Envelope
             * @instance
             */
            Envelope.prototype.serves = "";

            /**
             * Encodes the specified Envelope message. Does not implicitly {@link brine.protocol.Envelope.verify|verify} messages.
             * @function encode
             * @memberof brine.protocol.Envelope
             * @static
             * @param {brine.protocol.Envelope.$Properties} message Envelope message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Envelope.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.serves != null && $Object.hasOwnProperty.call(message, "serves") && message.serves !== "")
                    writer.uint32(/* id 14, wireType 2 =*/114).string(message.serves);
                if (message.speaks != null && $Object.hasOwnProperty.call(message, "speaks") && message.speaks !== "")
                    writer.uint32(/* id 15, wireType 2 =*/122).string(message.speaks);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Envelope message from the specified reader or buffer.
             * @function decode
             * @memberof brine.protocol.Envelope
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.protocol.Envelope & brine.protocol.Envelope.$Shape} Envelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Envelope.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.protocol.Envelope();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.speaks = value;
                            else
                                delete message.speaks;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.serves = value;
                            else
                                delete message.serves;
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
             * Gets the type url for Envelope
             * @function getTypeUrl
             * @memberof brine.protocol.Envelope
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Envelope.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.protocol.Envelope";
            };

            return Envelope;
        })();

        return protocol;
    })();

    return brine;
})();

export {
  $root as default
};
