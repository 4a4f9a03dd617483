/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["onnx"] || ($protobuf.roots["onnx"] = {});

export const brine = $root.brine = (() => {

    /**
     * Namespace brine.
     * @exports brine
     * @namespace
     */
    const brine = {};

    brine.onnx = (function() {

        /**
         * Namespace onnx.
         * @memberof brine
         * @namespace
         */
        const onnx = {};

        onnx.ModelProto = (function() {

            /**
             * Properties of a ModelProto.
             * @typedef {Object} brine.onnx.ModelProto.$Properties
             * @property {Long|null} [irVersion] ModelProto irVersion
             * @property {string|null} [producerName] ModelProto producerName
             * @property {string|null} [producerVersion] ModelProto producerVersion
             * @property {brine.onnx.GraphProto.$Properties|null} [graph] ModelProto graph
             * @property {Array.<brine.onnx.OperatorSetIdProto.$Properties>|null} [opsetImport] ModelProto opsetImport
             * @property {Array.<brine.onnx.FunctionProto.$Properties>|null} [functions] ModelProto functions
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ModelProto.
             * @memberof brine.onnx
             * @interface IModelProto
             * @augments brine.onnx.ModelProto.$Properties
             * @deprecated Use brine.onnx.ModelProto.$Properties instead.
             */

            /**
             * Shape of a ModelProto.
             * @typedef {brine.onnx.ModelProto.$Properties} brine.onnx.ModelProto.$Shape
             */

            /**
             * Constructs a new ModelProto.
             * @memberof brine.onnx
             * @classdesc Represents a ModelProto.
             * @constructor
             * @param {brine.onnx.ModelProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ModelProto = function (properties) {
                this.opsetImport = [];
                this.functions = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ModelProto irVersion.
             * @member {Long} irVersion
             * @memberof brine.onnx.ModelProto
             * @instance
             */
            ModelProto.prototype.irVersion = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * ModelProto producerName.
             * @member {string} producerName
             * @memberof brine.onnx.ModelProto
             * @instance
             */
            ModelProto.prototype.producerName = "";

            /**
             * ModelProto producerVersion.
             * @member {string} producerVersion
             * @memberof brine.onnx.ModelProto
             * @instance
             */
            ModelProto.prototype.producerVersion = "";

            /**
             * ModelProto graph.
             * @member {brine.onnx.GraphProto.$Properties|null|undefined} graph
             * @memberof brine.onnx.ModelProto
             * @instance
             */
            ModelProto.prototype.graph = null;

            /**
             * ModelProto opsetImport.
             * @member {Array.<brine.onnx.OperatorSetIdProto.$Properties>} opsetImport
             * @memberof brine.onnx.ModelProto
             * @instance
             */
            ModelProto.prototype.opsetImport = $util.emptyArray;

            /**
             * ModelProto functions.
             * @member {Array.<brine.onnx.FunctionProto.$Properties>} functions
             * @memberof brine.onnx.ModelProto
             * @instance
             */
            ModelProto.prototype.functions = $util.emptyArray;

            /**
             * Encodes the specified ModelProto message. Does not implicitly {@link brine.onnx.ModelProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.ModelProto
             * @static
             * @param {brine.onnx.ModelProto.$Properties} message ModelProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ModelProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.irVersion != null && $Object.hasOwnProperty.call(message, "irVersion"))
                    writer.uint32(/* id 1, wireType 0 =*/8).int64(message.irVersion);
                if (message.producerName != null && $Object.hasOwnProperty.call(message, "producerName"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.producerName);
                if (message.producerVersion != null && $Object.hasOwnProperty.call(message, "producerVersion"))
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.producerVersion);
                if (message.graph != null && $Object.hasOwnProperty.call(message, "graph"))
                    $root.brine.onnx.GraphProto.encode(message.graph, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.opsetImport != null && message.opsetImport.length)
                    for (let i = 0; i < message.opsetImport.length; ++i)
                        $root.brine.onnx.OperatorSetIdProto.encode(message.opsetImport[i], writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.functions != null && message.functions.length)
                    for (let i = 0; i < message.functions.length; ++i)
                        $root.brine.onnx.FunctionProto.encode(message.functions[i], writer.uint32(/* id 25, wireType 2 =*/202).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ModelProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.ModelProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.ModelProto & brine.onnx.ModelProto.$Shape} ModelProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ModelProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.ModelProto();
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
                            message.irVersion = reader.int64();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.producerName = reader.string();
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.producerVersion = reader.string();
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.graph = $root.brine.onnx.GraphProto.decode(reader, reader.size(), $undefined, _depth + 1, message.graph);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.opsetImport && message.opsetImport.length))
                                message.opsetImport = [];
                            message.opsetImport.push($root.brine.onnx.OperatorSetIdProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 25: {
                            if (wireType !== 2)
                                break;
                            if (!(message.functions && message.functions.length))
                                message.functions = [];
                            message.functions.push($root.brine.onnx.FunctionProto.decode(reader, reader.size(), $undefined, _depth + 1));
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
             * Gets the type url for ModelProto
             * @function getTypeUrl
             * @memberof brine.onnx.ModelProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            ModelProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.ModelProto";
            };

            return ModelProto;
        })();

        onnx.FunctionProto = (function() {

            /**
             * Properties of a FunctionProto.
             * @typedef {Object} brine.onnx.FunctionProto.$Properties
             * @property {string|null} [name] FunctionProto name
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a FunctionProto.
             * @memberof brine.onnx
             * @interface IFunctionProto
             * @augments brine.onnx.FunctionProto.$Properties
             * @deprecated Use brine.onnx.FunctionProto.$Properties instead.
             */

            /**
             * Shape of a FunctionProto.
             * @typedef {brine.onnx.FunctionProto.$Properties} brine.onnx.FunctionProto.$Shape
             */

            /**
             * Constructs a new FunctionProto.
             * @memberof brine.onnx
             * @classdesc Represents a FunctionProto.
             * @constructor
             * @param {brine.onnx.FunctionProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const FunctionProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * FunctionProto name.
             * @member {string} name
             * @memberof brine.onnx.FunctionProto
             * @instance
             */
            FunctionProto.prototype.name = "";

            /**
             * Encodes the specified FunctionProto message. Does not implicitly {@link brine.onnx.FunctionProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.FunctionProto
             * @static
             * @param {brine.onnx.FunctionProto.$Properties} message FunctionProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            FunctionProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a FunctionProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.FunctionProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.FunctionProto & brine.onnx.FunctionProto.$Shape} FunctionProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            FunctionProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.FunctionProto();
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
                            message.name = reader.string();
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
             * Gets the type url for FunctionProto
             * @function getTypeUrl
             * @memberof brine.onnx.FunctionProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            FunctionProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.FunctionProto";
            };

            return FunctionProto;
        })();

        onnx.OperatorSetIdProto = (function() {

            /**
             * Properties of an OperatorSetIdProto.
             * @typedef {Object} brine.onnx.OperatorSetIdProto.$Properties
             * @property {string|null} [domain] OperatorSetIdProto domain
             * @property {Long|null} [version] OperatorSetIdProto version
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an OperatorSetIdProto.
             * @memberof brine.onnx
             * @interface IOperatorSetIdProto
             * @augments brine.onnx.OperatorSetIdProto.$Properties
             * @deprecated Use brine.onnx.OperatorSetIdProto.$Properties instead.
             */

            /**
             * Shape of an OperatorSetIdProto.
             * @typedef {brine.onnx.OperatorSetIdProto.$Properties} brine.onnx.OperatorSetIdProto.$Shape
             */

            /**
             * Constructs a new OperatorSetIdProto.
             * @memberof brine.onnx
             * @classdesc Represents an OperatorSetIdProto.
             * @constructor
             * @param {brine.onnx.OperatorSetIdProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const OperatorSetIdProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * OperatorSetIdProto domain.
             * @member {string} domain
             * @memberof brine.onnx.OperatorSetIdProto
             * @instance
             */
            OperatorSetIdProto.prototype.domain = "";

            /**
             * OperatorSetIdProto version.
             * @member {Long} version
             * @memberof brine.onnx.OperatorSetIdProto
             * @instance
             */
            OperatorSetIdProto.prototype.version = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Encodes the specified OperatorSetIdProto message. Does not implicitly {@link brine.onnx.OperatorSetIdProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.OperatorSetIdProto
             * @static
             * @param {brine.onnx.OperatorSetIdProto.$Properties} message OperatorSetIdProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            OperatorSetIdProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.domain != null && $Object.hasOwnProperty.call(message, "domain"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.domain);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                    writer.uint32(/* id 2, wireType 0 =*/16).int64(message.version);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an OperatorSetIdProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.OperatorSetIdProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.OperatorSetIdProto & brine.onnx.OperatorSetIdProto.$Shape} OperatorSetIdProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            OperatorSetIdProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.OperatorSetIdProto();
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
                            message.domain = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.version = reader.int64();
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
             * Gets the type url for OperatorSetIdProto
             * @function getTypeUrl
             * @memberof brine.onnx.OperatorSetIdProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            OperatorSetIdProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.OperatorSetIdProto";
            };

            return OperatorSetIdProto;
        })();

        onnx.GraphProto = (function() {

            /**
             * Properties of a GraphProto.
             * @typedef {Object} brine.onnx.GraphProto.$Properties
             * @property {Array.<brine.onnx.NodeProto.$Properties>|null} [node] GraphProto node
             * @property {string|null} [name] GraphProto name
             * @property {Array.<brine.onnx.TensorProto.$Properties>|null} [initializer] GraphProto initializer
             * @property {Array.<brine.onnx.ValueInfoProto.$Properties>|null} [input] GraphProto input
             * @property {Array.<brine.onnx.ValueInfoProto.$Properties>|null} [output] GraphProto output
             * @property {Array.<brine.onnx.ValueInfoProto.$Properties>|null} [valueInfo] GraphProto valueInfo
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a GraphProto.
             * @memberof brine.onnx
             * @interface IGraphProto
             * @augments brine.onnx.GraphProto.$Properties
             * @deprecated Use brine.onnx.GraphProto.$Properties instead.
             */

            /**
             * Shape of a GraphProto.
             * @typedef {brine.onnx.GraphProto.$Properties} brine.onnx.GraphProto.$Shape
             */

            /**
             * Constructs a new GraphProto.
             * @memberof brine.onnx
             * @classdesc Represents a GraphProto.
             * @constructor
             * @param {brine.onnx.GraphProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const GraphProto = function (properties) {
                this.node = [];
                this.initializer = [];
                this.input = [];
                this.output = [];
                this.valueInfo = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * GraphProto node.
             * @member {Array.<brine.onnx.NodeProto.$Properties>} node
             * @memberof brine.onnx.GraphProto
             * @instance
             */
            GraphProto.prototype.node = $util.emptyArray;

            /**
             * GraphProto name.
             * @member {string} name
             * @memberof brine.onnx.GraphProto
             * @instance
             */
            GraphProto.prototype.name = "";

            /**
             * GraphProto initializer.
             * @member {Array.<brine.onnx.TensorProto.$Properties>} initializer
             * @memberof brine.onnx.GraphProto
             * @instance
             */
            GraphProto.prototype.initializer = $util.emptyArray;

            /**
             * GraphProto input.
             * @member {Array.<brine.onnx.ValueInfoProto.$Properties>} input
             * @memberof brine.onnx.GraphProto
             * @instance
             */
            GraphProto.prototype.input = $util.emptyArray;

            /**
             * GraphProto output.
             * @member {Array.<brine.onnx.ValueInfoProto.$Properties>} output
             * @memberof brine.onnx.GraphProto
             * @instance
             */
            GraphProto.prototype.output = $util.emptyArray;

            /**
             * GraphProto valueInfo.
             * @member {Array.<brine.onnx.ValueInfoProto.$Properties>} valueInfo
             * @memberof brine.onnx.GraphProto
             * @instance
             */
            GraphProto.prototype.valueInfo = $util.emptyArray;

            /**
             * Encodes the specified GraphProto message. Does not implicitly {@link brine.onnx.GraphProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.GraphProto
             * @static
             * @param {brine.onnx.GraphProto.$Properties} message GraphProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            GraphProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.node != null && message.node.length)
                    for (let i = 0; i < message.node.length; ++i)
                        $root.brine.onnx.NodeProto.encode(message.node[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.initializer != null && message.initializer.length)
                    for (let i = 0; i < message.initializer.length; ++i)
                        $root.brine.onnx.TensorProto.encode(message.initializer[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.input != null && message.input.length)
                    for (let i = 0; i < message.input.length; ++i)
                        $root.brine.onnx.ValueInfoProto.encode(message.input[i], writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.output != null && message.output.length)
                    for (let i = 0; i < message.output.length; ++i)
                        $root.brine.onnx.ValueInfoProto.encode(message.output[i], writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
                if (message.valueInfo != null && message.valueInfo.length)
                    for (let i = 0; i < message.valueInfo.length; ++i)
                        $root.brine.onnx.ValueInfoProto.encode(message.valueInfo[i], writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a GraphProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.GraphProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.GraphProto & brine.onnx.GraphProto.$Shape} GraphProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            GraphProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.GraphProto();
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
                            if (!(message.node && message.node.length))
                                message.node = [];
                            message.node.push($root.brine.onnx.NodeProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.initializer && message.initializer.length))
                                message.initializer = [];
                            message.initializer.push($root.brine.onnx.TensorProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if (!(message.input && message.input.length))
                                message.input = [];
                            message.input.push($root.brine.onnx.ValueInfoProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if (!(message.output && message.output.length))
                                message.output = [];
                            message.output.push($root.brine.onnx.ValueInfoProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if (!(message.valueInfo && message.valueInfo.length))
                                message.valueInfo = [];
                            message.valueInfo.push($root.brine.onnx.ValueInfoProto.decode(reader, reader.size(), $undefined, _depth + 1));
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
             * Gets the type url for GraphProto
             * @function getTypeUrl
             * @memberof brine.onnx.GraphProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            GraphProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.GraphProto";
            };

            return GraphProto;
        })();

        onnx.NodeProto = (function() {

            /**
             * Properties of a NodeProto.
             * @typedef {Object} brine.onnx.NodeProto.$Properties
             * @property {Array.<string>|null} [input] NodeProto input
             * @property {Array.<string>|null} [output] NodeProto output
             * @property {string|null} [name] NodeProto name
             * @property {string|null} [opType] NodeProto opType
             * @property {Array.<brine.onnx.AttributeProto.$Properties>|null} [attribute] NodeProto attribute
             * @property {string|null} [domain] NodeProto domain
             * @property {string|null} [overload] NodeProto overload
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a NodeProto.
             * @memberof brine.onnx
             * @interface INodeProto
             * @augments brine.onnx.NodeProto.$Properties
             * @deprecated Use brine.onnx.NodeProto.$Properties instead.
             */

            /**
             * Shape of a NodeProto.
             * @typedef {brine.onnx.NodeProto.$Properties} brine.onnx.NodeProto.$Shape
             */

            /**
             * Constructs a new NodeProto.
             * @memberof brine.onnx
             * @classdesc Represents a NodeProto.
             * @constructor
             * @param {brine.onnx.NodeProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const NodeProto = function (properties) {
                this.input = [];
                this.output = [];
                this.attribute = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * NodeProto input.
             * @member {Array.<string>} input
             * @memberof brine.onnx.NodeProto
             * @instance
             */
            NodeProto.prototype.input = $util.emptyArray;

            /**
             * NodeProto output.
             * @member {Array.<string>} output
             * @memberof brine.onnx.NodeProto
             * @instance
             */
            NodeProto.prototype.output = $util.emptyArray;

            /**
             * NodeProto name.
             * @member {string} name
             * @memberof brine.onnx.NodeProto
             * @instance
             */
            NodeProto.prototype.name = "";

            /**
             * NodeProto opType.
             * @member {string} opType
             * @memberof brine.onnx.NodeProto
             * @instance
             */
            NodeProto.prototype.opType = "";

            /**
             * NodeProto attribute.
             * @member {Array.<brine.onnx.AttributeProto.$Properties>} attribute
             * @memberof brine.onnx.NodeProto
             * @instance
             */
            NodeProto.prototype.attribute = $util.emptyArray;

            /**
             * NodeProto domain.
             * @member {string} domain
             * @memberof brine.onnx.NodeProto
             * @instance
             */
            NodeProto.prototype.domain = "";

            /**
             * NodeProto overload.
             * @member {string} overload
             * @memberof brine.onnx.NodeProto
             * @instance
             */
            NodeProto.prototype.overload = "";

            /**
             * Encodes the specified NodeProto message. Does not implicitly {@link brine.onnx.NodeProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.NodeProto
             * @static
             * @param {brine.onnx.NodeProto.$Properties} message NodeProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            NodeProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.input != null && message.input.length)
                    for (let i = 0; i < message.input.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.input[i]);
                if (message.output != null && message.output.length)
                    for (let i = 0; i < message.output.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.output[i]);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.opType != null && $Object.hasOwnProperty.call(message, "opType"))
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.opType);
                if (message.attribute != null && message.attribute.length)
                    for (let i = 0; i < message.attribute.length; ++i)
                        $root.brine.onnx.AttributeProto.encode(message.attribute[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.domain != null && $Object.hasOwnProperty.call(message, "domain"))
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.domain);
                if (message.overload != null && $Object.hasOwnProperty.call(message, "overload"))
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.overload);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a NodeProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.NodeProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.NodeProto & brine.onnx.NodeProto.$Shape} NodeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            NodeProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.NodeProto();
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
                            if (!(message.input && message.input.length))
                                message.input = [];
                            message.input.push(reader.string());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.output && message.output.length))
                                message.output = [];
                            message.output.push(reader.string());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.opType = reader.string();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.attribute && message.attribute.length))
                                message.attribute = [];
                            message.attribute.push($root.brine.onnx.AttributeProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.domain = reader.string();
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.overload = reader.string();
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
             * Gets the type url for NodeProto
             * @function getTypeUrl
             * @memberof brine.onnx.NodeProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            NodeProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.NodeProto";
            };

            return NodeProto;
        })();

        onnx.AttributeProto = (function() {

            /**
             * Properties of an AttributeProto.
             * @typedef {Object} brine.onnx.AttributeProto.$Properties
             * @property {string|null} [name] AttributeProto name
             * @property {number|null} [f] AttributeProto f
             * @property {Long|null} [i] AttributeProto i
             * @property {Uint8Array|null} [s] AttributeProto s
             * @property {brine.onnx.TensorProto.$Properties|null} [t] AttributeProto t
             * @property {brine.onnx.GraphProto.$Properties|null} [g] AttributeProto g
             * @property {Array.<number>|null} [floats] AttributeProto floats
             * @property {Array.<Long>|null} [ints] AttributeProto ints
             * @property {brine.onnx.AttributeProto.AttributeType|null} [type] AttributeProto type
             * @property {string|null} [refAttrName] AttributeProto refAttrName
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AttributeProto.
             * @memberof brine.onnx
             * @interface IAttributeProto
             * @augments brine.onnx.AttributeProto.$Properties
             * @deprecated Use brine.onnx.AttributeProto.$Properties instead.
             */

            /**
             * Shape of an AttributeProto.
             * @typedef {brine.onnx.AttributeProto.$Properties} brine.onnx.AttributeProto.$Shape
             */

            /**
             * Constructs a new AttributeProto.
             * @memberof brine.onnx
             * @classdesc Represents an AttributeProto.
             * @constructor
             * @param {brine.onnx.AttributeProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AttributeProto = function (properties) {
                this.floats = [];
                this.ints = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AttributeProto name.
             * @member {string} name
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.name = "";

            /**
             * AttributeProto f.
             * @member {number} f
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.f = 0;

            /**
             * AttributeProto i.
             * @member {Long} i
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.i = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * AttributeProto s.
             * @member {Uint8Array} s
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.s = $util.newBuffer([]);

            /**
             * AttributeProto t.
             * @member {brine.onnx.TensorProto.$Properties|null|undefined} t
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.t = null;

            /**
             * AttributeProto g.
             * @member {brine.onnx.GraphProto.$Properties|null|undefined} g
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.g = null;

            /**
             * AttributeProto floats.
             * @member {Array.<number>} floats
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.floats = $util.emptyArray;

            /**
             * AttributeProto ints.
             * @member {Array.<Long>} ints
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.ints = $util.emptyArray;

            /**
             * AttributeProto type.
             * @member {brine.onnx.AttributeProto.AttributeType} type
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.type = 0;

            /**
             * AttributeProto refAttrName.
             * @member {string} refAttrName
             * @memberof brine.onnx.AttributeProto
             * @instance
             */
            AttributeProto.prototype.refAttrName = "";

            /**
             * Encodes the specified AttributeProto message. Does not implicitly {@link brine.onnx.AttributeProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.AttributeProto
             * @static
             * @param {brine.onnx.AttributeProto.$Properties} message AttributeProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AttributeProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.f != null && $Object.hasOwnProperty.call(message, "f"))
                    writer.uint32(/* id 2, wireType 5 =*/21).float(message.f);
                if (message.i != null && $Object.hasOwnProperty.call(message, "i"))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.i);
                if (message.s != null && $Object.hasOwnProperty.call(message, "s"))
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.s);
                if (message.t != null && $Object.hasOwnProperty.call(message, "t"))
                    $root.brine.onnx.TensorProto.encode(message.t, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.g != null && $Object.hasOwnProperty.call(message, "g"))
                    $root.brine.onnx.GraphProto.encode(message.g, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.floats != null && message.floats.length)
                    for (let i = 0; i < message.floats.length; ++i)
                        writer.uint32(/* id 7, wireType 5 =*/61).float(message.floats[i]);
                if (message.ints != null && message.ints.length)
                    for (let i = 0; i < message.ints.length; ++i)
                        writer.uint32(/* id 8, wireType 0 =*/64).int64(message.ints[i]);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                    writer.uint32(/* id 20, wireType 0 =*/160).int32(message.type);
                if (message.refAttrName != null && $Object.hasOwnProperty.call(message, "refAttrName"))
                    writer.uint32(/* id 21, wireType 2 =*/170).string(message.refAttrName);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AttributeProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.AttributeProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.AttributeProto & brine.onnx.AttributeProto.$Shape} AttributeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AttributeProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.AttributeProto();
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
                            message.name = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 5)
                                break;
                            message.f = reader.float();
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.i = reader.int64();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.s = reader.bytes();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.t = $root.brine.onnx.TensorProto.decode(reader, reader.size(), $undefined, _depth + 1, message.t);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.g = $root.brine.onnx.GraphProto.decode(reader, reader.size(), $undefined, _depth + 1, message.g);
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.floats && message.floats.length))
                                    message.floats = [];
                                reader.floats(message.floats);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.floats && message.floats.length))
                                message.floats = [];
                            message.floats.push(reader.float());
                            continue;
                        }
                    case 8: {
                            if (wireType === 2) {
                                if (!(message.ints && message.ints.length))
                                    message.ints = [];
                                reader.int64s(message.ints);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.ints && message.ints.length))
                                message.ints = [];
                            message.ints.push(reader.int64());
                            continue;
                        }
                    case 20: {
                            if (wireType !== 0)
                                break;
                            value = reader.int32();
                            if ($root.brine.onnx.AttributeProto.AttributeType[value] !== $undefined)
                                message.type = value;
                            else if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                            continue;
                        }
                    case 21: {
                            if (wireType !== 2)
                                break;
                            message.refAttrName = reader.string();
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
             * Gets the type url for AttributeProto
             * @function getTypeUrl
             * @memberof brine.onnx.AttributeProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            AttributeProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.AttributeProto";
            };

            /**
             * AttributeType enum.
             * @name brine.onnx.AttributeProto.AttributeType
             * @enum {number}
             * @property {number} UNDEFINED=0 UNDEFINED value
             * @property {number} FLOAT=1 FLOAT value
             * @property {number} INT=2 INT value
             * @property {number} STRING=3 STRING value
             * @property {number} TENSOR=4 TENSOR value
             * @property {number} GRAPH=5 GRAPH value
             * @property {number} FLOATS=6 FLOATS value
             * @property {number} INTS=7 INTS value
             * @property {number} STRINGS=8 STRINGS value
             */
            AttributeProto.AttributeType = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "UNDEFINED"] = 0;
                values[valuesById[1] = "FLOAT"] = 1;
                values[valuesById[2] = "INT"] = 2;
                values[valuesById[3] = "STRING"] = 3;
                values[valuesById[4] = "TENSOR"] = 4;
                values[valuesById[5] = "GRAPH"] = 5;
                values[valuesById[6] = "FLOATS"] = 6;
                values[valuesById[7] = "INTS"] = 7;
                values[valuesById[8] = "STRINGS"] = 8;
                return values;
            })();

            return AttributeProto;
        })();

        onnx.TensorProto = (function() {

            /**
             * Properties of a TensorProto.
             * @typedef {Object} brine.onnx.TensorProto.$Properties
             * @property {Array.<Long>|null} [dims] TensorProto dims
             * @property {number|null} [dataType] TensorProto dataType
             * @property {Array.<number>|null} [floatData] TensorProto floatData
             * @property {Array.<number>|null} [int32Data] TensorProto int32Data
             * @property {Array.<Long>|null} [int64Data] TensorProto int64Data
             * @property {string|null} [name] TensorProto name
             * @property {Uint8Array|null} [rawData] TensorProto rawData
             * @property {Array.<number>|null} [doubleData] TensorProto doubleData
             * @property {Array.<brine.onnx.StringStringEntryProto.$Properties>|null} [externalData] TensorProto externalData
             * @property {number|null} [dataLocation] TensorProto dataLocation
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a TensorProto.
             * @memberof brine.onnx
             * @interface ITensorProto
             * @augments brine.onnx.TensorProto.$Properties
             * @deprecated Use brine.onnx.TensorProto.$Properties instead.
             */

            /**
             * Shape of a TensorProto.
             * @typedef {brine.onnx.TensorProto.$Properties} brine.onnx.TensorProto.$Shape
             */

            /**
             * Constructs a new TensorProto.
             * @memberof brine.onnx
             * @classdesc Represents a TensorProto.
             * @constructor
             * @param {brine.onnx.TensorProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const TensorProto = function (properties) {
                this.dims = [];
                this.floatData = [];
                this.int32Data = [];
                this.int64Data = [];
                this.doubleData = [];
                this.externalData = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * TensorProto dims.
             * @member {Array.<Long>} dims
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.dims = $util.emptyArray;

            /**
             * TensorProto dataType.
             * @member {number} dataType
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.dataType = 0;

            /**
             * TensorProto floatData.
             * @member {Array.<number>} floatData
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.floatData = $util.emptyArray;

            /**
             * TensorProto int32Data.
             * @member {Array.<number>} int32Data
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.int32Data = $util.emptyArray;

            /**
             * TensorProto int64Data.
             * @member {Array.<Long>} int64Data
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.int64Data = $util.emptyArray;

            /**
             * TensorProto name.
             * @member {string} name
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.name = "";

            /**
             * TensorProto rawData.
             * @member {Uint8Array} rawData
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.rawData = $util.newBuffer([]);

            /**
             * TensorProto doubleData.
             * @member {Array.<number>} doubleData
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.doubleData = $util.emptyArray;

            /**
             * TensorProto externalData.
             * @member {Array.<brine.onnx.StringStringEntryProto.$Properties>} externalData
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.externalData = $util.emptyArray;

            /**
             * TensorProto dataLocation.
             * @member {number} dataLocation
             * @memberof brine.onnx.TensorProto
             * @instance
             */
            TensorProto.prototype.dataLocation = 0;

            /**
             * Encodes the specified TensorProto message. Does not implicitly {@link brine.onnx.TensorProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.TensorProto
             * @static
             * @param {brine.onnx.TensorProto.$Properties} message TensorProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            TensorProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.dims != null && message.dims.length)
                    for (let i = 0; i < message.dims.length; ++i)
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.dims[i]);
                if (message.dataType != null && $Object.hasOwnProperty.call(message, "dataType"))
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message.dataType);
                if (message.floatData != null && message.floatData.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).floats(message.floatData);
                if (message.int32Data != null && message.int32Data.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).int32s(message.int32Data);
                if (message.int64Data != null && message.int64Data.length)
                    writer.uint32(/* id 7, wireType 2 =*/58).int64s(message.int64Data);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.name);
                if (message.rawData != null && $Object.hasOwnProperty.call(message, "rawData"))
                    writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.rawData);
                if (message.doubleData != null && message.doubleData.length)
                    writer.uint32(/* id 10, wireType 2 =*/82).doubles(message.doubleData);
                if (message.externalData != null && message.externalData.length)
                    for (let i = 0; i < message.externalData.length; ++i)
                        $root.brine.onnx.StringStringEntryProto.encode(message.externalData[i], writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
                if (message.dataLocation != null && $Object.hasOwnProperty.call(message, "dataLocation"))
                    writer.uint32(/* id 14, wireType 0 =*/112).int32(message.dataLocation);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a TensorProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.TensorProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.TensorProto & brine.onnx.TensorProto.$Shape} TensorProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            TensorProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.TensorProto();
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
                            if (wireType === 2) {
                                if (!(message.dims && message.dims.length))
                                    message.dims = [];
                                reader.int64s(message.dims);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.dims && message.dims.length))
                                message.dims = [];
                            message.dims.push(reader.int64());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.dataType = reader.int32();
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.floatData && message.floatData.length))
                                    message.floatData = [];
                                reader.floats(message.floatData);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.floatData && message.floatData.length))
                                message.floatData = [];
                            message.floatData.push(reader.float());
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.int32Data && message.int32Data.length))
                                    message.int32Data = [];
                                reader.int32s(message.int32Data);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.int32Data && message.int32Data.length))
                                message.int32Data = [];
                            message.int32Data.push(reader.int32());
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.int64Data && message.int64Data.length))
                                    message.int64Data = [];
                                reader.int64s(message.int64Data);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.int64Data && message.int64Data.length))
                                message.int64Data = [];
                            message.int64Data.push(reader.int64());
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.rawData = reader.bytes();
                            continue;
                        }
                    case 10: {
                            if (wireType === 2) {
                                if (!(message.doubleData && message.doubleData.length))
                                    message.doubleData = [];
                                reader.doubles(message.doubleData);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.doubleData && message.doubleData.length))
                                message.doubleData = [];
                            message.doubleData.push(reader.double());
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if (!(message.externalData && message.externalData.length))
                                message.externalData = [];
                            message.externalData.push($root.brine.onnx.StringStringEntryProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            message.dataLocation = reader.int32();
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
             * Gets the type url for TensorProto
             * @function getTypeUrl
             * @memberof brine.onnx.TensorProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            TensorProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.TensorProto";
            };

            /**
             * DataType enum.
             * @name brine.onnx.TensorProto.DataType
             * @enum {number}
             * @property {number} UNDEFINED=0 UNDEFINED value
             * @property {number} FLOAT=1 FLOAT value
             * @property {number} UINT8=2 UINT8 value
             * @property {number} INT8=3 INT8 value
             * @property {number} UINT16=4 UINT16 value
             * @property {number} INT16=5 INT16 value
             * @property {number} INT32=6 INT32 value
             * @property {number} INT64=7 INT64 value
             * @property {number} STRING=8 STRING value
             * @property {number} BOOL=9 BOOL value
             * @property {number} FLOAT16=10 FLOAT16 value
             * @property {number} DOUBLE=11 DOUBLE value
             * @property {number} UINT32=12 UINT32 value
             * @property {number} UINT64=13 UINT64 value
             * @property {number} BFLOAT16=16 BFLOAT16 value
             */
            TensorProto.DataType = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "UNDEFINED"] = 0;
                values[valuesById[1] = "FLOAT"] = 1;
                values[valuesById[2] = "UINT8"] = 2;
                values[valuesById[3] = "INT8"] = 3;
                values[valuesById[4] = "UINT16"] = 4;
                values[valuesById[5] = "INT16"] = 5;
                values[valuesById[6] = "INT32"] = 6;
                values[valuesById[7] = "INT64"] = 7;
                values[valuesById[8] = "STRING"] = 8;
                values[valuesById[9] = "BOOL"] = 9;
                values[valuesById[10] = "FLOAT16"] = 10;
                values[valuesById[11] = "DOUBLE"] = 11;
                values[valuesById[12] = "UINT32"] = 12;
                values[valuesById[13] = "UINT64"] = 13;
                values[valuesById[16] = "BFLOAT16"] = 16;
                return values;
            })();

            return TensorProto;
        })();

        onnx.StringStringEntryProto = (function() {

            /**
             * Properties of a StringStringEntryProto.
             * @typedef {Object} brine.onnx.StringStringEntryProto.$Properties
             * @property {string|null} [key] StringStringEntryProto key
             * @property {string|null} [value] StringStringEntryProto value
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StringStringEntryProto.
             * @memberof brine.onnx
             * @interface IStringStringEntryProto
             * @augments brine.onnx.StringStringEntryProto.$Properties
             * @deprecated Use brine.onnx.StringStringEntryProto.$Properties instead.
             */

            /**
             * Shape of a StringStringEntryProto.
             * @typedef {brine.onnx.StringStringEntryProto.$Properties} brine.onnx.StringStringEntryProto.$Shape
             */

            /**
             * Constructs a new StringStringEntryProto.
             * @memberof brine.onnx
             * @classdesc Represents a StringStringEntryProto.
             * @constructor
             * @param {brine.onnx.StringStringEntryProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StringStringEntryProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StringStringEntryProto key.
             * @member {string} key
             * @memberof brine.onnx.StringStringEntryProto
             * @instance
             */
            StringStringEntryProto.prototype.key = "";

            /**
             * StringStringEntryProto value.
             * @member {string} value
             * @memberof brine.onnx.StringStringEntryProto
             * @instance
             */
            StringStringEntryProto.prototype.value = "";

            /**
             * Encodes the specified StringStringEntryProto message. Does not implicitly {@link brine.onnx.StringStringEntryProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.StringStringEntryProto
             * @static
             * @param {brine.onnx.StringStringEntryProto.$Properties} message StringStringEntryProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StringStringEntryProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.key);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.value);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StringStringEntryProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.StringStringEntryProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.StringStringEntryProto & brine.onnx.StringStringEntryProto.$Shape} StringStringEntryProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StringStringEntryProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.StringStringEntryProto();
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
                            message.key = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.value = reader.string();
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
             * Gets the type url for StringStringEntryProto
             * @function getTypeUrl
             * @memberof brine.onnx.StringStringEntryProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            StringStringEntryProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.StringStringEntryProto";
            };

            return StringStringEntryProto;
        })();

        onnx.ValueInfoProto = (function() {

            /**
             * Properties of a ValueInfoProto.
             * @typedef {Object} brine.onnx.ValueInfoProto.$Properties
             * @property {string|null} [name] ValueInfoProto name
             * @property {brine.onnx.TypeProto.$Properties|null} [type] ValueInfoProto type
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ValueInfoProto.
             * @memberof brine.onnx
             * @interface IValueInfoProto
             * @augments brine.onnx.ValueInfoProto.$Properties
             * @deprecated Use brine.onnx.ValueInfoProto.$Properties instead.
             */

            /**
             * Shape of a ValueInfoProto.
             * @typedef {brine.onnx.ValueInfoProto.$Properties} brine.onnx.ValueInfoProto.$Shape
             */

            /**
             * Constructs a new ValueInfoProto.
             * @memberof brine.onnx
             * @classdesc Represents a ValueInfoProto.
             * @constructor
             * @param {brine.onnx.ValueInfoProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ValueInfoProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ValueInfoProto name.
             * @member {string} name
             * @memberof brine.onnx.ValueInfoProto
             * @instance
             */
            ValueInfoProto.prototype.name = "";

            /**
             * ValueInfoProto type.
             * @member {brine.onnx.TypeProto.$Properties|null|undefined} type
             * @memberof brine.onnx.ValueInfoProto
             * @instance
             */
            ValueInfoProto.prototype.type = null;

            /**
             * Encodes the specified ValueInfoProto message. Does not implicitly {@link brine.onnx.ValueInfoProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.ValueInfoProto
             * @static
             * @param {brine.onnx.ValueInfoProto.$Properties} message ValueInfoProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ValueInfoProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                    $root.brine.onnx.TypeProto.encode(message.type, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ValueInfoProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.ValueInfoProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.ValueInfoProto & brine.onnx.ValueInfoProto.$Shape} ValueInfoProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ValueInfoProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.ValueInfoProto();
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
                            message.name = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.type = $root.brine.onnx.TypeProto.decode(reader, reader.size(), $undefined, _depth + 1, message.type);
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
             * Gets the type url for ValueInfoProto
             * @function getTypeUrl
             * @memberof brine.onnx.ValueInfoProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            ValueInfoProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.ValueInfoProto";
            };

            return ValueInfoProto;
        })();

        onnx.TypeProto = (function() {

            /**
             * Properties of a TypeProto.
             * @typedef {Object} brine.onnx.TypeProto.$Properties
             * @property {brine.onnx.TypeProto.Tensor.$Properties|null} [tensorType] TypeProto tensorType
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a TypeProto.
             * @memberof brine.onnx
             * @interface ITypeProto
             * @augments brine.onnx.TypeProto.$Properties
             * @deprecated Use brine.onnx.TypeProto.$Properties instead.
             */

            /**
             * Shape of a TypeProto.
             * @typedef {brine.onnx.TypeProto.$Properties} brine.onnx.TypeProto.$Shape
             */

            /**
             * Constructs a new TypeProto.
             * @memberof brine.onnx
             * @classdesc Represents a TypeProto.
             * @constructor
             * @param {brine.onnx.TypeProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const TypeProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * TypeProto tensorType.
             * @member {brine.onnx.TypeProto.Tensor.$Properties|null|undefined} tensorType
             * @memberof brine.onnx.TypeProto
             * @instance
             */
            TypeProto.prototype.tensorType = null;

            /**
             * Encodes the specified TypeProto message. Does not implicitly {@link brine.onnx.TypeProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.TypeProto
             * @static
             * @param {brine.onnx.TypeProto.$Properties} message TypeProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            TypeProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tensorType != null && $Object.hasOwnProperty.call(message, "tensorType"))
                    $root.brine.onnx.TypeProto.Tensor.encode(message.tensorType, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a TypeProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.TypeProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.TypeProto & brine.onnx.TypeProto.$Shape} TypeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            TypeProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.TypeProto();
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
                            message.tensorType = $root.brine.onnx.TypeProto.Tensor.decode(reader, reader.size(), $undefined, _depth + 1, message.tensorType);
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
             * Gets the type url for TypeProto
             * @function getTypeUrl
             * @memberof brine.onnx.TypeProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            TypeProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.TypeProto";
            };

            TypeProto.Tensor = (function() {

                /**
                 * Properties of a Tensor.
                 * @typedef {Object} brine.onnx.TypeProto.Tensor.$Properties
                 * @property {number|null} [elemType] Tensor elemType
                 * @property {brine.onnx.TensorShapeProto.$Properties|null} [shape] Tensor shape
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Tensor.
                 * @memberof brine.onnx.TypeProto
                 * @interface ITensor
                 * @augments brine.onnx.TypeProto.Tensor.$Properties
                 * @deprecated Use brine.onnx.TypeProto.Tensor.$Properties instead.
                 */

                /**
                 * Shape of a Tensor.
                 * @typedef {brine.onnx.TypeProto.Tensor.$Properties} brine.onnx.TypeProto.Tensor.$Shape
                 */

                /**
                 * Constructs a new Tensor.
                 * @memberof brine.onnx.TypeProto
                 * @classdesc Represents a Tensor.
                 * @constructor
                 * @param {brine.onnx.TypeProto.Tensor.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Tensor = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Tensor elemType.
                 * @member {number} elemType
                 * @memberof brine.onnx.TypeProto.Tensor
                 * @instance
                 */
                Tensor.prototype.elemType = 0;

                /**
                 * Tensor shape.
                 * @member {brine.onnx.TensorShapeProto.$Properties|null|undefined} shape
                 * @memberof brine.onnx.TypeProto.Tensor
                 * @instance
                 */
                Tensor.prototype.shape = null;

                /**
                 * Encodes the specified Tensor message. Does not implicitly {@link brine.onnx.TypeProto.Tensor.verify|verify} messages.
                 * @function encode
                 * @memberof brine.onnx.TypeProto.Tensor
                 * @static
                 * @param {brine.onnx.TypeProto.Tensor.$Properties} message Tensor message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Tensor.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.elemType != null && $Object.hasOwnProperty.call(message, "elemType"))
                        writer.uint32(/* id 1, wireType 0 =*/8).int32(message.elemType);
                    if (message.shape != null && $Object.hasOwnProperty.call(message, "shape"))
                        $root.brine.onnx.TensorShapeProto.encode(message.shape, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Tensor message from the specified reader or buffer.
                 * @function decode
                 * @memberof brine.onnx.TypeProto.Tensor
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {brine.onnx.TypeProto.Tensor & brine.onnx.TypeProto.Tensor.$Shape} Tensor
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Tensor.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.brine.onnx.TypeProto.Tensor();
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
                                message.elemType = reader.int32();
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.shape = $root.brine.onnx.TensorShapeProto.decode(reader, reader.size(), $undefined, _depth + 1, message.shape);
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
                 * Gets the type url for Tensor
                 * @function getTypeUrl
                 * @memberof brine.onnx.TypeProto.Tensor
                 * @static
                 * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns {string} The type url
                 */
                Tensor.getTypeUrl = function(prefix) {
                    if (prefix === $undefined)
                        prefix = "type.googleapis.com";
                    return prefix + "/brine.onnx.TypeProto.Tensor";
                };

                return Tensor;
            })();

            return TypeProto;
        })();

        onnx.TensorShapeProto = (function() {

            /**
             * Properties of a TensorShapeProto.
             * @typedef {Object} brine.onnx.TensorShapeProto.$Properties
             * @property {Array.<brine.onnx.TensorShapeProto.Dimension.$Properties>|null} [dim] TensorShapeProto dim
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a TensorShapeProto.
             * @memberof brine.onnx
             * @interface ITensorShapeProto
             * @augments brine.onnx.TensorShapeProto.$Properties
             * @deprecated Use brine.onnx.TensorShapeProto.$Properties instead.
             */

            /**
             * Shape of a TensorShapeProto.
             * @typedef {brine.onnx.TensorShapeProto.$Properties} brine.onnx.TensorShapeProto.$Shape
             */

            /**
             * Constructs a new TensorShapeProto.
             * @memberof brine.onnx
             * @classdesc Represents a TensorShapeProto.
             * @constructor
             * @param {brine.onnx.TensorShapeProto.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const TensorShapeProto = function (properties) {
                this.dim = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * TensorShapeProto dim.
             * @member {Array.<brine.onnx.TensorShapeProto.Dimension.$Properties>} dim
             * @memberof brine.onnx.TensorShapeProto
             * @instance
             */
            TensorShapeProto.prototype.dim = $util.emptyArray;

            /**
             * Encodes the specified TensorShapeProto message. Does not implicitly {@link brine.onnx.TensorShapeProto.verify|verify} messages.
             * @function encode
             * @memberof brine.onnx.TensorShapeProto
             * @static
             * @param {brine.onnx.TensorShapeProto.$Properties} message TensorShapeProto message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            TensorShapeProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.dim != null && message.dim.length)
                    for (let i = 0; i < message.dim.length; ++i)
                        $root.brine.onnx.TensorShapeProto.Dimension.encode(message.dim[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a TensorShapeProto message from the specified reader or buffer.
             * @function decode
             * @memberof brine.onnx.TensorShapeProto
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {brine.onnx.TensorShapeProto & brine.onnx.TensorShapeProto.$Shape} TensorShapeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            TensorShapeProto.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.brine.onnx.TensorShapeProto();
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
                            if (!(message.dim && message.dim.length))
                                message.dim = [];
                            message.dim.push($root.brine.onnx.TensorShapeProto.Dimension.decode(reader, reader.size(), $undefined, _depth + 1));
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
             * Gets the type url for TensorShapeProto
             * @function getTypeUrl
             * @memberof brine.onnx.TensorShapeProto
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            TensorShapeProto.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/brine.onnx.TensorShapeProto";
            };

            TensorShapeProto.Dimension = (function() {

                /**
                 * Properties of a Dimension.
                 * @typedef {Object} brine.onnx.TensorShapeProto.Dimension.$Properties
                 * @property {Long|null} [dimValue] Dimension dimValue
                 * @property {string|null} [dimParam] Dimension dimParam
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Dimension.
                 * @memberof brine.onnx.TensorShapeProto
                 * @interface IDimension
                 * @augments brine.onnx.TensorShapeProto.Dimension.$Properties
                 * @deprecated Use brine.onnx.TensorShapeProto.Dimension.$Properties instead.
                 */

                /**
                 * Shape of a Dimension.
                 * @typedef {brine.onnx.TensorShapeProto.Dimension.$Properties} brine.onnx.TensorShapeProto.Dimension.$Shape
                 */

                /**
                 * Constructs a new Dimension.
                 * @memberof brine.onnx.TensorShapeProto
                 * @classdesc Represents a Dimension.
                 * @constructor
                 * @param {brine.onnx.TensorShapeProto.Dimension.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Dimension = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Dimension dimValue.
                 * @member {Long} dimValue
                 * @memberof brine.onnx.TensorShapeProto.Dimension
                 * @instance
                 */
                Dimension.prototype.dimValue = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Dimension dimParam.
                 * @member {string} dimParam
                 * @memberof brine.onnx.TensorShapeProto.Dimension
                 * @instance
                 */
                Dimension.prototype.dimParam = "";

                /**
                 * Encodes the specified Dimension message. Does not implicitly {@link brine.onnx.TensorShapeProto.Dimension.verify|verify} messages.
                 * @function encode
                 * @memberof brine.onnx.TensorShapeProto.Dimension
                 * @static
                 * @param {brine.onnx.TensorShapeProto.Dimension.$Properties} message Dimension message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Dimension.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.dimValue != null && $Object.hasOwnProperty.call(message, "dimValue"))
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.dimValue);
                    if (message.dimParam != null && $Object.hasOwnProperty.call(message, "dimParam"))
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.dimParam);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Dimension message from the specified reader or buffer.
                 * @function decode
                 * @memberof brine.onnx.TensorShapeProto.Dimension
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {brine.onnx.TensorShapeProto.Dimension & brine.onnx.TensorShapeProto.Dimension.$Shape} Dimension
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Dimension.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.brine.onnx.TensorShapeProto.Dimension();
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
                                message.dimValue = reader.int64();
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.dimParam = reader.string();
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
                 * Gets the type url for Dimension
                 * @function getTypeUrl
                 * @memberof brine.onnx.TensorShapeProto.Dimension
                 * @static
                 * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns {string} The type url
                 */
                Dimension.getTypeUrl = function(prefix) {
                    if (prefix === $undefined)
                        prefix = "type.googleapis.com";
                    return prefix + "/brine.onnx.TensorShapeProto.Dimension";
                };

                return Dimension;
            })();

            return TensorShapeProto;
        })();

        return onnx;
    })();

    return brine;
})();

export {
  $root as default
};
