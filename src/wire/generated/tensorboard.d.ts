import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace brine. */
export namespace brine {

    /** Namespace tensorboard. */
    namespace tensorboard {

        /**
         * Properties of an Event.
         * @deprecated Use brine.tensorboard.Event.$Properties instead.
         */
        interface IEvent extends brine.tensorboard.Event.$Properties {
        }

        /** Represents an Event. */
        class Event {

            /**
             * Constructs a new Event.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.tensorboard.Event.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Event wallTime. */
            wallTime: number;

            /** Event step. */
            step: number;

            /** Event fileVersion. */
            fileVersion?: (string|null);

            /** Event summary. */
            summary?: (brine.tensorboard.Summary.$Properties|null);

            /** Event sessionLog. */
            sessionLog?: (brine.tensorboard.SessionLog.$Properties|null);

            /** Event what. */
            what?: ("fileVersion"|"summary"|"sessionLog");

            /**
             * Encodes the specified Event message. Does not implicitly {@link brine.tensorboard.Event.verify|verify} messages.
             * @param message Event message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.tensorboard.Event.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Event message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.tensorboard.Event & brine.tensorboard.Event.$Shape} Event
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.tensorboard.Event & brine.tensorboard.Event.$Shape;

            /**
             * Gets the type url for Event
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Event {

            /** Properties of an Event. */
            interface $Properties {

                /** Event wallTime */
                wallTime?: (number|null);

                /** Event step */
                step?: (number|null);

                /** Event fileVersion */
                fileVersion?: (string|null);

                /** Event summary */
                summary?: (brine.tensorboard.Summary.$Properties|null);

                /** Event sessionLog */
                sessionLog?: (brine.tensorboard.SessionLog.$Properties|null);

                /** Event what */
                what?: ("fileVersion"|"summary"|"sessionLog");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of an Event. */
            type $Shape = {
              wallTime?: number|null;
              step?: number|null;
              fileVersion?: string|null;
              summary?: brine.tensorboard.Summary.$Shape|null;
              sessionLog?: brine.tensorboard.SessionLog.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ what?: undefined; fileVersion?: null; summary?: null; sessionLog?: null }|{ what?: "fileVersion"; fileVersion: string; summary?: null; sessionLog?: null }|{ what?: "summary"; fileVersion?: null; summary: brine.tensorboard.Summary.$Shape; sessionLog?: null }|{ what?: "sessionLog"; fileVersion?: null; summary?: null; sessionLog: brine.tensorboard.SessionLog.$Shape })
            );
        }

        /**
         * Properties of a SessionLog.
         * @deprecated Use brine.tensorboard.SessionLog.$Properties instead.
         */
        interface ISessionLog extends brine.tensorboard.SessionLog.$Properties {
        }

        /** Represents a SessionLog. */
        class SessionLog {

            /**
             * Constructs a new SessionLog.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.tensorboard.SessionLog.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SessionLog status. */
            status: brine.tensorboard.SessionLog.SessionStatus;

            /**
             * Encodes the specified SessionLog message. Does not implicitly {@link brine.tensorboard.SessionLog.verify|verify} messages.
             * @param message SessionLog message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.tensorboard.SessionLog.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SessionLog message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.tensorboard.SessionLog & brine.tensorboard.SessionLog.$Shape} SessionLog
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.tensorboard.SessionLog & brine.tensorboard.SessionLog.$Shape;

            /**
             * Gets the type url for SessionLog
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace SessionLog {

            /** Properties of a SessionLog. */
            interface $Properties {

                /** SessionLog status */
                status?: (brine.tensorboard.SessionLog.SessionStatus|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SessionLog. */
            type $Shape = brine.tensorboard.SessionLog.$Properties;

            /** SessionStatus enum. */
            enum SessionStatus {

                /** STATUS_UNSPECIFIED value */
                STATUS_UNSPECIFIED = 0,

                /** START value */
                START = 1
            }
        }

        /**
         * Properties of a Summary.
         * @deprecated Use brine.tensorboard.Summary.$Properties instead.
         */
        interface ISummary extends brine.tensorboard.Summary.$Properties {
        }

        /** Represents a Summary. */
        class Summary {

            /**
             * Constructs a new Summary.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.tensorboard.Summary.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Summary value. */
            value: brine.tensorboard.Summary.Value.$Properties[];

            /**
             * Encodes the specified Summary message. Does not implicitly {@link brine.tensorboard.Summary.verify|verify} messages.
             * @param message Summary message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.tensorboard.Summary.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Summary message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.tensorboard.Summary & brine.tensorboard.Summary.$Shape} Summary
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.tensorboard.Summary & brine.tensorboard.Summary.$Shape;

            /**
             * Gets the type url for Summary
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Summary {

            /** Properties of a Summary. */
            interface $Properties {

                /** Summary value */
                value?: (brine.tensorboard.Summary.Value.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Summary. */
            type $Shape = {
              value?: brine.tensorboard.Summary.Value.$Shape[]|null;
              $unknowns?: Uint8Array[];
            };

            /**
             * Properties of a Value.
             * @deprecated Use brine.tensorboard.Summary.Value.$Properties instead.
             */
            interface IValue extends brine.tensorboard.Summary.Value.$Properties {
            }

            /** Represents a Value. */
            class Value {

                /**
                 * Constructs a new Value.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: brine.tensorboard.Summary.Value.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Value tag. */
                tag: string;

                /** Value simpleValue. */
                simpleValue?: (number|null);

                /** Value value. */
                value?: "simpleValue";

                /**
                 * Encodes the specified Value message. Does not implicitly {@link brine.tensorboard.Summary.Value.verify|verify} messages.
                 * @param message Value message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: brine.tensorboard.Summary.Value.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Value message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {brine.tensorboard.Summary.Value & brine.tensorboard.Summary.Value.$Shape} Value
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.tensorboard.Summary.Value & brine.tensorboard.Summary.Value.$Shape;

                /**
                 * Gets the type url for Value
                 * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns The type url
                 */
                static getTypeUrl(prefix?: string): string;
            }

            namespace Value {

                /** Properties of a Value. */
                interface $Properties {

                    /** Value tag */
                    tag?: (string|null);

                    /** Value simpleValue */
                    simpleValue?: (number|null);

                    /** Value value */
                    value?: "simpleValue";

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a Value. */
                type $Shape = {
                  tag?: string|null;
                  simpleValue?: number|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ value?: undefined; simpleValue?: null }|{ value?: "simpleValue"; simpleValue: number })
                );
            }
        }
    }
}
