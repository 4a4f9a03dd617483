import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace brine. */
export namespace brine {

    /** Namespace onnx. */
    namespace onnx {

        /**
         * Properties of a ModelProto.
         * @deprecated Use brine.onnx.ModelProto.$Properties instead.
         */
        interface IModelProto extends brine.onnx.ModelProto.$Properties {
        }

        /** Represents a ModelProto. */
        class ModelProto {

            /**
             * Constructs a new ModelProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.ModelProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ModelProto irVersion. */
            irVersion: Long;

            /** ModelProto producerName. */
            producerName: string;

            /** ModelProto producerVersion. */
            producerVersion: string;

            /** ModelProto graph. */
            graph?: (brine.onnx.GraphProto.$Properties|null);

            /** ModelProto opsetImport. */
            opsetImport: brine.onnx.OperatorSetIdProto.$Properties[];

            /** ModelProto functions. */
            functions: brine.onnx.FunctionProto.$Properties[];

            /**
             * Encodes the specified ModelProto message. Does not implicitly {@link brine.onnx.ModelProto.verify|verify} messages.
             * @param message ModelProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.ModelProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ModelProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.ModelProto & brine.onnx.ModelProto.$Shape} ModelProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.ModelProto & brine.onnx.ModelProto.$Shape;

            /**
             * Gets the type url for ModelProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace ModelProto {

            /** Properties of a ModelProto. */
            interface $Properties {

                /** ModelProto irVersion */
                irVersion?: (Long|null);

                /** ModelProto producerName */
                producerName?: (string|null);

                /** ModelProto producerVersion */
                producerVersion?: (string|null);

                /** ModelProto graph */
                graph?: (brine.onnx.GraphProto.$Properties|null);

                /** ModelProto opsetImport */
                opsetImport?: (brine.onnx.OperatorSetIdProto.$Properties[]|null);

                /** ModelProto functions */
                functions?: (brine.onnx.FunctionProto.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ModelProto. */
            type $Shape = brine.onnx.ModelProto.$Properties;
        }

        /**
         * Properties of a FunctionProto.
         * @deprecated Use brine.onnx.FunctionProto.$Properties instead.
         */
        interface IFunctionProto extends brine.onnx.FunctionProto.$Properties {
        }

        /** Represents a FunctionProto. */
        class FunctionProto {

            /**
             * Constructs a new FunctionProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.FunctionProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FunctionProto name. */
            name: string;

            /**
             * Encodes the specified FunctionProto message. Does not implicitly {@link brine.onnx.FunctionProto.verify|verify} messages.
             * @param message FunctionProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.FunctionProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FunctionProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.FunctionProto & brine.onnx.FunctionProto.$Shape} FunctionProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.FunctionProto & brine.onnx.FunctionProto.$Shape;

            /**
             * Gets the type url for FunctionProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace FunctionProto {

            /** Properties of a FunctionProto. */
            interface $Properties {

                /** FunctionProto name */
                name?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a FunctionProto. */
            type $Shape = brine.onnx.FunctionProto.$Properties;
        }

        /**
         * Properties of an OperatorSetIdProto.
         * @deprecated Use brine.onnx.OperatorSetIdProto.$Properties instead.
         */
        interface IOperatorSetIdProto extends brine.onnx.OperatorSetIdProto.$Properties {
        }

        /** Represents an OperatorSetIdProto. */
        class OperatorSetIdProto {

            /**
             * Constructs a new OperatorSetIdProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.OperatorSetIdProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OperatorSetIdProto domain. */
            domain: string;

            /** OperatorSetIdProto version. */
            version: Long;

            /**
             * Encodes the specified OperatorSetIdProto message. Does not implicitly {@link brine.onnx.OperatorSetIdProto.verify|verify} messages.
             * @param message OperatorSetIdProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.OperatorSetIdProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OperatorSetIdProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.OperatorSetIdProto & brine.onnx.OperatorSetIdProto.$Shape} OperatorSetIdProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.OperatorSetIdProto & brine.onnx.OperatorSetIdProto.$Shape;

            /**
             * Gets the type url for OperatorSetIdProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace OperatorSetIdProto {

            /** Properties of an OperatorSetIdProto. */
            interface $Properties {

                /** OperatorSetIdProto domain */
                domain?: (string|null);

                /** OperatorSetIdProto version */
                version?: (Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OperatorSetIdProto. */
            type $Shape = brine.onnx.OperatorSetIdProto.$Properties;
        }

        /**
         * Properties of a GraphProto.
         * @deprecated Use brine.onnx.GraphProto.$Properties instead.
         */
        interface IGraphProto extends brine.onnx.GraphProto.$Properties {
        }

        /** Represents a GraphProto. */
        class GraphProto {

            /**
             * Constructs a new GraphProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.GraphProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GraphProto node. */
            node: brine.onnx.NodeProto.$Properties[];

            /** GraphProto name. */
            name: string;

            /** GraphProto initializer. */
            initializer: brine.onnx.TensorProto.$Properties[];

            /** GraphProto input. */
            input: brine.onnx.ValueInfoProto.$Properties[];

            /** GraphProto output. */
            output: brine.onnx.ValueInfoProto.$Properties[];

            /** GraphProto valueInfo. */
            valueInfo: brine.onnx.ValueInfoProto.$Properties[];

            /**
             * Encodes the specified GraphProto message. Does not implicitly {@link brine.onnx.GraphProto.verify|verify} messages.
             * @param message GraphProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.GraphProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GraphProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.GraphProto & brine.onnx.GraphProto.$Shape} GraphProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.GraphProto & brine.onnx.GraphProto.$Shape;

            /**
             * Gets the type url for GraphProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace GraphProto {

            /** Properties of a GraphProto. */
            interface $Properties {

                /** GraphProto node */
                node?: (brine.onnx.NodeProto.$Properties[]|null);

                /** GraphProto name */
                name?: (string|null);

                /** GraphProto initializer */
                initializer?: (brine.onnx.TensorProto.$Properties[]|null);

                /** GraphProto input */
                input?: (brine.onnx.ValueInfoProto.$Properties[]|null);

                /** GraphProto output */
                output?: (brine.onnx.ValueInfoProto.$Properties[]|null);

                /** GraphProto valueInfo */
                valueInfo?: (brine.onnx.ValueInfoProto.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GraphProto. */
            type $Shape = brine.onnx.GraphProto.$Properties;
        }

        /**
         * Properties of a NodeProto.
         * @deprecated Use brine.onnx.NodeProto.$Properties instead.
         */
        interface INodeProto extends brine.onnx.NodeProto.$Properties {
        }

        /** Represents a NodeProto. */
        class NodeProto {

            /**
             * Constructs a new NodeProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.NodeProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** NodeProto input. */
            input: string[];

            /** NodeProto output. */
            output: string[];

            /** NodeProto name. */
            name: string;

            /** NodeProto opType. */
            opType: string;

            /** NodeProto attribute. */
            attribute: brine.onnx.AttributeProto.$Properties[];

            /** NodeProto domain. */
            domain: string;

            /** NodeProto overload. */
            overload: string;

            /**
             * Encodes the specified NodeProto message. Does not implicitly {@link brine.onnx.NodeProto.verify|verify} messages.
             * @param message NodeProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.NodeProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NodeProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.NodeProto & brine.onnx.NodeProto.$Shape} NodeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.NodeProto & brine.onnx.NodeProto.$Shape;

            /**
             * Gets the type url for NodeProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace NodeProto {

            /** Properties of a NodeProto. */
            interface $Properties {

                /** NodeProto input */
                input?: (string[]|null);

                /** NodeProto output */
                output?: (string[]|null);

                /** NodeProto name */
                name?: (string|null);

                /** NodeProto opType */
                opType?: (string|null);

                /** NodeProto attribute */
                attribute?: (brine.onnx.AttributeProto.$Properties[]|null);

                /** NodeProto domain */
                domain?: (string|null);

                /** NodeProto overload */
                overload?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a NodeProto. */
            type $Shape = brine.onnx.NodeProto.$Properties;
        }

        /**
         * Properties of an AttributeProto.
         * @deprecated Use brine.onnx.AttributeProto.$Properties instead.
         */
        interface IAttributeProto extends brine.onnx.AttributeProto.$Properties {
        }

        /** Represents an AttributeProto. */
        class AttributeProto {

            /**
             * Constructs a new AttributeProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.AttributeProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AttributeProto name. */
            name: string;

            /** AttributeProto f. */
            f: number;

            /** AttributeProto i. */
            i: Long;

            /** AttributeProto s. */
            s: Uint8Array;

            /** AttributeProto t. */
            t?: (brine.onnx.TensorProto.$Properties|null);

            /** AttributeProto g. */
            g?: (brine.onnx.GraphProto.$Properties|null);

            /** AttributeProto floats. */
            floats: number[];

            /** AttributeProto ints. */
            ints: Long[];

            /** AttributeProto type. */
            type: brine.onnx.AttributeProto.AttributeType;

            /** AttributeProto refAttrName. */
            refAttrName: string;

            /**
             * Encodes the specified AttributeProto message. Does not implicitly {@link brine.onnx.AttributeProto.verify|verify} messages.
             * @param message AttributeProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.AttributeProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AttributeProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.AttributeProto & brine.onnx.AttributeProto.$Shape} AttributeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.AttributeProto & brine.onnx.AttributeProto.$Shape;

            /**
             * Gets the type url for AttributeProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace AttributeProto {

            /** Properties of an AttributeProto. */
            interface $Properties {

                /** AttributeProto name */
                name?: (string|null);

                /** AttributeProto f */
                f?: (number|null);

                /** AttributeProto i */
                i?: (Long|null);

                /** AttributeProto s */
                s?: (Uint8Array|null);

                /** AttributeProto t */
                t?: (brine.onnx.TensorProto.$Properties|null);

                /** AttributeProto g */
                g?: (brine.onnx.GraphProto.$Properties|null);

                /** AttributeProto floats */
                floats?: (number[]|null);

                /** AttributeProto ints */
                ints?: (Long[]|null);

                /** AttributeProto type */
                type?: (brine.onnx.AttributeProto.AttributeType|null);

                /** AttributeProto refAttrName */
                refAttrName?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AttributeProto. */
            type $Shape = brine.onnx.AttributeProto.$Properties;

            /** AttributeType enum. */
            enum AttributeType {

                /** UNDEFINED value */
                UNDEFINED = 0,

                /** FLOAT value */
                FLOAT = 1,

                /** INT value */
                INT = 2,

                /** STRING value */
                STRING = 3,

                /** TENSOR value */
                TENSOR = 4,

                /** GRAPH value */
                GRAPH = 5,

                /** FLOATS value */
                FLOATS = 6,

                /** INTS value */
                INTS = 7,

                /** STRINGS value */
                STRINGS = 8
            }
        }

        /**
         * Properties of a TensorProto.
         * @deprecated Use brine.onnx.TensorProto.$Properties instead.
         */
        interface ITensorProto extends brine.onnx.TensorProto.$Properties {
        }

        /** Represents a TensorProto. */
        class TensorProto {

            /**
             * Constructs a new TensorProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.TensorProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TensorProto dims. */
            dims: Long[];

            /** TensorProto dataType. */
            dataType: number;

            /** TensorProto floatData. */
            floatData: number[];

            /** TensorProto int32Data. */
            int32Data: number[];

            /** TensorProto int64Data. */
            int64Data: Long[];

            /** TensorProto name. */
            name: string;

            /** TensorProto rawData. */
            rawData: Uint8Array;

            /** TensorProto doubleData. */
            doubleData: number[];

            /** TensorProto externalData. */
            externalData: brine.onnx.StringStringEntryProto.$Properties[];

            /** TensorProto dataLocation. */
            dataLocation: number;

            /**
             * Encodes the specified TensorProto message. Does not implicitly {@link brine.onnx.TensorProto.verify|verify} messages.
             * @param message TensorProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.TensorProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TensorProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.TensorProto & brine.onnx.TensorProto.$Shape} TensorProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.TensorProto & brine.onnx.TensorProto.$Shape;

            /**
             * Gets the type url for TensorProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace TensorProto {

            /** Properties of a TensorProto. */
            interface $Properties {

                /** TensorProto dims */
                dims?: (Long[]|null);

                /** TensorProto dataType */
                dataType?: (number|null);

                /** TensorProto floatData */
                floatData?: (number[]|null);

                /** TensorProto int32Data */
                int32Data?: (number[]|null);

                /** TensorProto int64Data */
                int64Data?: (Long[]|null);

                /** TensorProto name */
                name?: (string|null);

                /** TensorProto rawData */
                rawData?: (Uint8Array|null);

                /** TensorProto doubleData */
                doubleData?: (number[]|null);

                /** TensorProto externalData */
                externalData?: (brine.onnx.StringStringEntryProto.$Properties[]|null);

                /** TensorProto dataLocation */
                dataLocation?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TensorProto. */
            type $Shape = brine.onnx.TensorProto.$Properties;

            /** DataType enum. */
            enum DataType {

                /** UNDEFINED value */
                UNDEFINED = 0,

                /** FLOAT value */
                FLOAT = 1,

                /** UINT8 value */
                UINT8 = 2,

                /** INT8 value */
                INT8 = 3,

                /** UINT16 value */
                UINT16 = 4,

                /** INT16 value */
                INT16 = 5,

                /** INT32 value */
                INT32 = 6,

                /** INT64 value */
                INT64 = 7,

                /** STRING value */
                STRING = 8,

                /** BOOL value */
                BOOL = 9,

                /** FLOAT16 value */
                FLOAT16 = 10,

                /** DOUBLE value */
                DOUBLE = 11,

                /** UINT32 value */
                UINT32 = 12,

                /** UINT64 value */
                UINT64 = 13,

                /** BFLOAT16 value */
                BFLOAT16 = 16
            }
        }

        /**
         * Properties of a StringStringEntryProto.
         * @deprecated Use brine.onnx.StringStringEntryProto.$Properties instead.
         */
        interface IStringStringEntryProto extends brine.onnx.StringStringEntryProto.$Properties {
        }

        /** Represents a StringStringEntryProto. */
        class StringStringEntryProto {

            /**
             * Constructs a new StringStringEntryProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.StringStringEntryProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StringStringEntryProto key. */
            key: string;

            /** StringStringEntryProto value. */
            value: string;

            /**
             * Encodes the specified StringStringEntryProto message. Does not implicitly {@link brine.onnx.StringStringEntryProto.verify|verify} messages.
             * @param message StringStringEntryProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.StringStringEntryProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StringStringEntryProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.StringStringEntryProto & brine.onnx.StringStringEntryProto.$Shape} StringStringEntryProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.StringStringEntryProto & brine.onnx.StringStringEntryProto.$Shape;

            /**
             * Gets the type url for StringStringEntryProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace StringStringEntryProto {

            /** Properties of a StringStringEntryProto. */
            interface $Properties {

                /** StringStringEntryProto key */
                key?: (string|null);

                /** StringStringEntryProto value */
                value?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StringStringEntryProto. */
            type $Shape = brine.onnx.StringStringEntryProto.$Properties;
        }

        /**
         * Properties of a ValueInfoProto.
         * @deprecated Use brine.onnx.ValueInfoProto.$Properties instead.
         */
        interface IValueInfoProto extends brine.onnx.ValueInfoProto.$Properties {
        }

        /** Represents a ValueInfoProto. */
        class ValueInfoProto {

            /**
             * Constructs a new ValueInfoProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.ValueInfoProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ValueInfoProto name. */
            name: string;

            /** ValueInfoProto type. */
            type?: (brine.onnx.TypeProto.$Properties|null);

            /**
             * Encodes the specified ValueInfoProto message. Does not implicitly {@link brine.onnx.ValueInfoProto.verify|verify} messages.
             * @param message ValueInfoProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.ValueInfoProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ValueInfoProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.ValueInfoProto & brine.onnx.ValueInfoProto.$Shape} ValueInfoProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.ValueInfoProto & brine.onnx.ValueInfoProto.$Shape;

            /**
             * Gets the type url for ValueInfoProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace ValueInfoProto {

            /** Properties of a ValueInfoProto. */
            interface $Properties {

                /** ValueInfoProto name */
                name?: (string|null);

                /** ValueInfoProto type */
                type?: (brine.onnx.TypeProto.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ValueInfoProto. */
            type $Shape = brine.onnx.ValueInfoProto.$Properties;
        }

        /**
         * Properties of a TypeProto.
         * @deprecated Use brine.onnx.TypeProto.$Properties instead.
         */
        interface ITypeProto extends brine.onnx.TypeProto.$Properties {
        }

        /** Represents a TypeProto. */
        class TypeProto {

            /**
             * Constructs a new TypeProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.TypeProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TypeProto tensorType. */
            tensorType?: (brine.onnx.TypeProto.Tensor.$Properties|null);

            /**
             * Encodes the specified TypeProto message. Does not implicitly {@link brine.onnx.TypeProto.verify|verify} messages.
             * @param message TypeProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.TypeProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TypeProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.TypeProto & brine.onnx.TypeProto.$Shape} TypeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.TypeProto & brine.onnx.TypeProto.$Shape;

            /**
             * Gets the type url for TypeProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace TypeProto {

            /** Properties of a TypeProto. */
            interface $Properties {

                /** TypeProto tensorType */
                tensorType?: (brine.onnx.TypeProto.Tensor.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TypeProto. */
            type $Shape = brine.onnx.TypeProto.$Properties;

            /**
             * Properties of a Tensor.
             * @deprecated Use brine.onnx.TypeProto.Tensor.$Properties instead.
             */
            interface ITensor extends brine.onnx.TypeProto.Tensor.$Properties {
            }

            /** Represents a Tensor. */
            class Tensor {

                /**
                 * Constructs a new Tensor.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: brine.onnx.TypeProto.Tensor.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Tensor elemType. */
                elemType: number;

                /** Tensor shape. */
                shape?: (brine.onnx.TensorShapeProto.$Properties|null);

                /**
                 * Encodes the specified Tensor message. Does not implicitly {@link brine.onnx.TypeProto.Tensor.verify|verify} messages.
                 * @param message Tensor message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: brine.onnx.TypeProto.Tensor.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Tensor message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {brine.onnx.TypeProto.Tensor & brine.onnx.TypeProto.Tensor.$Shape} Tensor
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.TypeProto.Tensor & brine.onnx.TypeProto.Tensor.$Shape;

                /**
                 * Gets the type url for Tensor
                 * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns The type url
                 */
                static getTypeUrl(prefix?: string): string;
            }

            namespace Tensor {

                /** Properties of a Tensor. */
                interface $Properties {

                    /** Tensor elemType */
                    elemType?: (number|null);

                    /** Tensor shape */
                    shape?: (brine.onnx.TensorShapeProto.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Tensor. */
                type $Shape = brine.onnx.TypeProto.Tensor.$Properties;
            }
        }

        /**
         * Properties of a TensorShapeProto.
         * @deprecated Use brine.onnx.TensorShapeProto.$Properties instead.
         */
        interface ITensorShapeProto extends brine.onnx.TensorShapeProto.$Properties {
        }

        /** Represents a TensorShapeProto. */
        class TensorShapeProto {

            /**
             * Constructs a new TensorShapeProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.onnx.TensorShapeProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TensorShapeProto dim. */
            dim: brine.onnx.TensorShapeProto.Dimension.$Properties[];

            /**
             * Encodes the specified TensorShapeProto message. Does not implicitly {@link brine.onnx.TensorShapeProto.verify|verify} messages.
             * @param message TensorShapeProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.onnx.TensorShapeProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TensorShapeProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.onnx.TensorShapeProto & brine.onnx.TensorShapeProto.$Shape} TensorShapeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.TensorShapeProto & brine.onnx.TensorShapeProto.$Shape;

            /**
             * Gets the type url for TensorShapeProto
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace TensorShapeProto {

            /** Properties of a TensorShapeProto. */
            interface $Properties {

                /** TensorShapeProto dim */
                dim?: (brine.onnx.TensorShapeProto.Dimension.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TensorShapeProto. */
            type $Shape = brine.onnx.TensorShapeProto.$Properties;

            /**
             * Properties of a Dimension.
             * @deprecated Use brine.onnx.TensorShapeProto.Dimension.$Properties instead.
             */
            interface IDimension extends brine.onnx.TensorShapeProto.Dimension.$Properties {
            }

            /** Represents a Dimension. */
            class Dimension {

                /**
                 * Constructs a new Dimension.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: brine.onnx.TensorShapeProto.Dimension.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Dimension dimValue. */
                dimValue: Long;

                /** Dimension dimParam. */
                dimParam: string;

                /**
                 * Encodes the specified Dimension message. Does not implicitly {@link brine.onnx.TensorShapeProto.Dimension.verify|verify} messages.
                 * @param message Dimension message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: brine.onnx.TensorShapeProto.Dimension.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Dimension message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {brine.onnx.TensorShapeProto.Dimension & brine.onnx.TensorShapeProto.Dimension.$Shape} Dimension
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.onnx.TensorShapeProto.Dimension & brine.onnx.TensorShapeProto.Dimension.$Shape;

                /**
                 * Gets the type url for Dimension
                 * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns The type url
                 */
                static getTypeUrl(prefix?: string): string;
            }

            namespace Dimension {

                /** Properties of a Dimension. */
                interface $Properties {

                    /** Dimension dimValue */
                    dimValue?: (Long|null);

                    /** Dimension dimParam */
                    dimParam?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Dimension. */
                type $Shape = brine.onnx.TensorShapeProto.Dimension.$Properties;
            }
        }
    }
}
