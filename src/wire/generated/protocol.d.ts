import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace brine. */
export namespace brine {

    /** Namespace protocol. */
    namespace protocol {

        /**
         * Properties of an Envelope.
         * @deprecated Use brine.protocol.Envelope.$Properties instead.
         */
        interface IEnvelope extends brine.protocol.Envelope.$Properties {
        }

        /** Represents an Envelope. */
        class Envelope {

            /**
             * Constructs a new Envelope.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.protocol.Envelope.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Envelope speaks. */
            speaks: string;

            /** Envelope serves. */
            serves: string;

            /**
             * Encodes the specified Envelope message. Does not implicitly {@link brine.protocol.Envelope.verify|verify} messages.
             * @param message Envelope message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.protocol.Envelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Envelope message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.protocol.Envelope & brine.protocol.Envelope.$Shape} Envelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.protocol.Envelope & brine.protocol.Envelope.$Shape;

            /**
             * Gets the type url for Envelope
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Envelope {

            /** Properties of an Envelope. */
            interface $Properties {

                /** Envelope speaks */
                speaks?: (string|null);

                /** Envelope serves */
                serves?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Envelope. */
            type $Shape = brine.protocol.Envelope.$Properties;
        }
    }
}
