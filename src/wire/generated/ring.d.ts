import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace brine. */
export namespace brine {

    /** Namespace ring. */
    namespace ring {

        /**
         * Properties of a RingHello.
         * @deprecated Use brine.ring.RingHello.$Properties instead.
         */
        interface IRingHello extends brine.ring.RingHello.$Properties {
        }

        /** Represents a RingHello. */
        class RingHello {

            /**
             * Constructs a new RingHello.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.ring.RingHello.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RingHello run. */
            run: string;

            /** RingHello generation. */
            generation: number;

            /** RingHello rank. */
            rank: number;

            /** RingHello size. */
            size: number;

            /** RingHello chunkBytes. */
            chunkBytes: number;

            /** RingHello wire. */
            wire: string;

            /**
             * Encodes the specified RingHello message. Does not implicitly {@link brine.ring.RingHello.verify|verify} messages.
             * @param message RingHello message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.ring.RingHello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RingHello message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.ring.RingHello & brine.ring.RingHello.$Shape} RingHello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.ring.RingHello & brine.ring.RingHello.$Shape;

            /**
             * Gets the type url for RingHello
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace RingHello {

            /** Properties of a RingHello. */
            interface $Properties {

                /** RingHello run */
                run?: (string|null);

                /** RingHello generation */
                generation?: (number|null);

                /** RingHello rank */
                rank?: (number|null);

                /** RingHello size */
                size?: (number|null);

                /** RingHello chunkBytes */
                chunkBytes?: (number|null);

                /** RingHello wire */
                wire?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RingHello. */
            type $Shape = brine.ring.RingHello.$Properties;
        }

        /**
         * Properties of a RingChunk.
         * @deprecated Use brine.ring.RingChunk.$Properties instead.
         */
        interface IRingChunk extends brine.ring.RingChunk.$Properties {
        }

        /** Represents a RingChunk. */
        class RingChunk {

            /**
             * Constructs a new RingChunk.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.ring.RingChunk.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RingChunk run. */
            run: string;

            /** RingChunk generation. */
            generation: number;

            /** RingChunk step. */
            step: number;

            /** RingChunk call. */
            call: number;

            /** RingChunk bucket. */
            bucket: number;

            /** RingChunk hop. */
            hop: number;

            /** RingChunk chunk. */
            chunk: number;

            /** RingChunk sum. */
            sum: number;

            /** RingChunk bytes. */
            bytes: number;

            /** RingChunk mix. */
            mix: number;

            /**
             * Encodes the specified RingChunk message. Does not implicitly {@link brine.ring.RingChunk.verify|verify} messages.
             * @param message RingChunk message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.ring.RingChunk.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RingChunk message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.ring.RingChunk & brine.ring.RingChunk.$Shape} RingChunk
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.ring.RingChunk & brine.ring.RingChunk.$Shape;

            /**
             * Gets the type url for RingChunk
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace RingChunk {

            /** Properties of a RingChunk. */
            interface $Properties {

                /** RingChunk run */
                run?: (string|null);

                /** RingChunk generation */
                generation?: (number|null);

                /** RingChunk step */
                step?: (number|null);

                /** RingChunk call */
                call?: (number|null);

                /** RingChunk bucket */
                bucket?: (number|null);

                /** RingChunk hop */
                hop?: (number|null);

                /** RingChunk chunk */
                chunk?: (number|null);

                /** RingChunk sum */
                sum?: (number|null);

                /** RingChunk bytes */
                bytes?: (number|null);

                /** RingChunk mix */
                mix?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RingChunk. */
            type $Shape = brine.ring.RingChunk.$Properties;
        }
    }
}
