import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace brine. */
export namespace brine {

    /** Namespace control. */
    namespace control {

        /**
         * Properties of a FromRole.
         * @deprecated Use brine.control.FromRole.$Properties instead.
         */
        interface IFromRole extends brine.control.FromRole.$Properties {
        }

        /** Represents a FromRole. */
        class FromRole {

            /**
             * Constructs a new FromRole.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.FromRole.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FromRole hello. */
            hello?: (brine.control.Hello.$Properties|null);

            /** FromRole progress. */
            progress?: (brine.control.Progress.$Properties|null);

            /** FromRole done. */
            done?: (brine.control.Done.$Properties|null);

            /** FromRole failed. */
            failed?: (brine.control.Failed.$Properties|null);

            /** FromRole stranded. */
            stranded?: (brine.control.Stranded.$Properties|null);

            /** FromRole lost. */
            lost?: (brine.control.Lost.$Properties|null);

            /** FromRole askStatus. */
            askStatus?: (brine.control.AskStatus.$Properties|null);

            /** FromRole message. */
            message?: ("hello"|"progress"|"done"|"failed"|"stranded"|"lost"|"askStatus");

            /**
             * Encodes the specified FromRole message. Does not implicitly {@link brine.control.FromRole.verify|verify} messages.
             * @param message FromRole message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.FromRole.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FromRole message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.FromRole & brine.control.FromRole.$Shape} FromRole
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.FromRole & brine.control.FromRole.$Shape;

            /**
             * Gets the type url for FromRole
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace FromRole {

            /** Properties of a FromRole. */
            interface $Properties {

                /** FromRole hello */
                hello?: (brine.control.Hello.$Properties|null);

                /** FromRole progress */
                progress?: (brine.control.Progress.$Properties|null);

                /** FromRole done */
                done?: (brine.control.Done.$Properties|null);

                /** FromRole failed */
                failed?: (brine.control.Failed.$Properties|null);

                /** FromRole stranded */
                stranded?: (brine.control.Stranded.$Properties|null);

                /** FromRole lost */
                lost?: (brine.control.Lost.$Properties|null);

                /** FromRole askStatus */
                askStatus?: (brine.control.AskStatus.$Properties|null);

                /** FromRole message */
                message?: ("hello"|"progress"|"done"|"failed"|"stranded"|"lost"|"askStatus");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a FromRole. */
            type $Shape = {
              hello?: brine.control.Hello.$Shape|null;
              progress?: brine.control.Progress.$Shape|null;
              done?: brine.control.Done.$Shape|null;
              failed?: brine.control.Failed.$Shape|null;
              stranded?: brine.control.Stranded.$Shape|null;
              lost?: brine.control.Lost.$Shape|null;
              askStatus?: brine.control.AskStatus.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ message?: undefined; hello?: null; progress?: null; done?: null; failed?: null; stranded?: null; lost?: null; askStatus?: null }|{ message?: "hello"; hello: brine.control.Hello.$Shape; progress?: null; done?: null; failed?: null; stranded?: null; lost?: null; askStatus?: null }|{ message?: "progress"; hello?: null; progress: brine.control.Progress.$Shape; done?: null; failed?: null; stranded?: null; lost?: null; askStatus?: null }|{ message?: "done"; hello?: null; progress?: null; done: brine.control.Done.$Shape; failed?: null; stranded?: null; lost?: null; askStatus?: null }|{ message?: "failed"; hello?: null; progress?: null; done?: null; failed: brine.control.Failed.$Shape; stranded?: null; lost?: null; askStatus?: null }|{ message?: "stranded"; hello?: null; progress?: null; done?: null; failed?: null; stranded: brine.control.Stranded.$Shape; lost?: null; askStatus?: null }|{ message?: "lost"; hello?: null; progress?: null; done?: null; failed?: null; stranded?: null; lost: brine.control.Lost.$Shape; askStatus?: null }|{ message?: "askStatus"; hello?: null; progress?: null; done?: null; failed?: null; stranded?: null; lost?: null; askStatus: brine.control.AskStatus.$Shape })
            );
        }

        /**
         * Properties of a ToRole.
         * @deprecated Use brine.control.ToRole.$Properties instead.
         */
        interface IToRole extends brine.control.ToRole.$Properties {
        }

        /** Represents a ToRole. */
        class ToRole {

            /**
             * Constructs a new ToRole.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.ToRole.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ToRole start. */
            start?: (brine.control.Start.$Properties|null);

            /** ToRole stop. */
            stop?: (brine.control.Stop.$Properties|null);

            /** ToRole abandon. */
            abandon?: (brine.control.Abandon.$Properties|null);

            /** ToRole order. */
            order?: (brine.control.Order.$Properties|null);

            /** ToRole status. */
            status?: (brine.control.Status.$Properties|null);

            /** ToRole greet. */
            greet?: (brine.control.Greet.$Properties|null);

            /** ToRole message. */
            message?: ("start"|"stop"|"abandon"|"order"|"status"|"greet");

            /**
             * Encodes the specified ToRole message. Does not implicitly {@link brine.control.ToRole.verify|verify} messages.
             * @param message ToRole message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.ToRole.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ToRole message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.ToRole & brine.control.ToRole.$Shape} ToRole
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.ToRole & brine.control.ToRole.$Shape;

            /**
             * Gets the type url for ToRole
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace ToRole {

            /** Properties of a ToRole. */
            interface $Properties {

                /** ToRole start */
                start?: (brine.control.Start.$Properties|null);

                /** ToRole stop */
                stop?: (brine.control.Stop.$Properties|null);

                /** ToRole abandon */
                abandon?: (brine.control.Abandon.$Properties|null);

                /** ToRole order */
                order?: (brine.control.Order.$Properties|null);

                /** ToRole status */
                status?: (brine.control.Status.$Properties|null);

                /** ToRole greet */
                greet?: (brine.control.Greet.$Properties|null);

                /** ToRole message */
                message?: ("start"|"stop"|"abandon"|"order"|"status"|"greet");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a ToRole. */
            type $Shape = {
              start?: brine.control.Start.$Shape|null;
              stop?: brine.control.Stop.$Shape|null;
              abandon?: brine.control.Abandon.$Shape|null;
              order?: brine.control.Order.$Shape|null;
              status?: brine.control.Status.$Shape|null;
              greet?: brine.control.Greet.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ message?: undefined; start?: null; stop?: null; abandon?: null; order?: null; status?: null; greet?: null }|{ message?: "start"; start: brine.control.Start.$Shape; stop?: null; abandon?: null; order?: null; status?: null; greet?: null }|{ message?: "stop"; start?: null; stop: brine.control.Stop.$Shape; abandon?: null; order?: null; status?: null; greet?: null }|{ message?: "abandon"; start?: null; stop?: null; abandon: brine.control.Abandon.$Shape; order?: null; status?: null; greet?: null }|{ message?: "order"; start?: null; stop?: null; abandon?: null; order: brine.control.Order.$Shape; status?: null; greet?: null }|{ message?: "status"; start?: null; stop?: null; abandon?: null; order?: null; status: brine.control.Status.$Shape; greet?: null }|{ message?: "greet"; start?: null; stop?: null; abandon?: null; order?: null; status?: null; greet: brine.control.Greet.$Shape })
            );
        }

        /**
         * Properties of a Hello.
         * @deprecated Use brine.control.Hello.$Properties instead.
         */
        interface IHello extends brine.control.Hello.$Properties {
        }

        /** Represents a Hello. */
        class Hello {

            /**
             * Constructs a new Hello.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Hello.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Hello role. */
            role: string;

            /** Hello rank. */
            rank: number;

            /** Hello run. */
            run: string;

            /** Hello endpoint. */
            endpoint: string;

            /** Hello pid. */
            pid: number;

            /** Hello state. */
            state: string;

            /** Hello began. */
            began: string;

            /** Hello again. */
            again: boolean;

            /** Hello returns. */
            returns: boolean;

            /** Hello stranded. */
            stranded?: (brine.control.Stranded.$Properties|null);

            /** Hello done. */
            done?: (brine.control.Done.$Properties|null);

            /** Hello saved. */
            saved?: (brine.control.Saved.$Properties|null);

            /**
             * Encodes the specified Hello message. Does not implicitly {@link brine.control.Hello.verify|verify} messages.
             * @param message Hello message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Hello & brine.control.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Hello & brine.control.Hello.$Shape;

            /**
             * Gets the type url for Hello
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Hello {

            /** Properties of a Hello. */
            interface $Properties {

                /** Hello role */
                role?: (string|null);

                /** Hello rank */
                rank?: (number|null);

                /** Hello run */
                run?: (string|null);

                /** Hello endpoint */
                endpoint?: (string|null);

                /** Hello pid */
                pid?: (number|null);

                /** Hello state */
                state?: (string|null);

                /** Hello began */
                began?: (string|null);

                /** Hello again */
                again?: (boolean|null);

                /** Hello returns */
                returns?: (boolean|null);

                /** Hello stranded */
                stranded?: (brine.control.Stranded.$Properties|null);

                /** Hello done */
                done?: (brine.control.Done.$Properties|null);

                /** Hello saved */
                saved?: (brine.control.Saved.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Hello. */
            type $Shape = brine.control.Hello.$Properties;
        }

        /**
         * Properties of a Start.
         * @deprecated Use brine.control.Start.$Properties instead.
         */
        interface IStart extends brine.control.Start.$Properties {
        }

        /** Represents a Start. */
        class Start {

            /**
             * Constructs a new Start.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Start.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Start peers. */
            peers: brine.control.Peer.$Properties[];

            /** Start generation. */
            generation: number;

            /** Start agreement. */
            agreement?: (brine.control.Agreement.$Properties|null);

            /** Start students. */
            students: number[];

            /**
             * Encodes the specified Start message. Does not implicitly {@link brine.control.Start.verify|verify} messages.
             * @param message Start message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Start.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Start message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Start & brine.control.Start.$Shape} Start
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Start & brine.control.Start.$Shape;

            /**
             * Gets the type url for Start
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Start {

            /** Properties of a Start. */
            interface $Properties {

                /** Start peers */
                peers?: (brine.control.Peer.$Properties[]|null);

                /** Start generation */
                generation?: (number|null);

                /** Start agreement */
                agreement?: (brine.control.Agreement.$Properties|null);

                /** Start students */
                students?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Start. */
            type $Shape = brine.control.Start.$Properties;
        }

        /**
         * Properties of an Agreement.
         * @deprecated Use brine.control.Agreement.$Properties instead.
         */
        interface IAgreement extends brine.control.Agreement.$Properties {
        }

        /** Represents an Agreement. */
        class Agreement {

            /**
             * Constructs a new Agreement.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Agreement.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Agreement step. */
            step: number;

            /** Agreement evaluated. */
            evaluated: boolean;

            /** Agreement donor. */
            donor: string;

            /** Agreement newcomers. */
            newcomers: number;

            /** Agreement saved. */
            saved: string;

            /**
             * Encodes the specified Agreement message. Does not implicitly {@link brine.control.Agreement.verify|verify} messages.
             * @param message Agreement message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Agreement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Agreement message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Agreement & brine.control.Agreement.$Shape} Agreement
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Agreement & brine.control.Agreement.$Shape;

            /**
             * Gets the type url for Agreement
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Agreement {

            /** Properties of an Agreement. */
            interface $Properties {

                /** Agreement step */
                step?: (number|null);

                /** Agreement evaluated */
                evaluated?: (boolean|null);

                /** Agreement donor */
                donor?: (string|null);

                /** Agreement newcomers */
                newcomers?: (number|null);

                /** Agreement saved */
                saved?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Agreement. */
            type $Shape = brine.control.Agreement.$Properties;
        }

        /**
         * Properties of a Saved.
         * @deprecated Use brine.control.Saved.$Properties instead.
         */
        interface ISaved extends brine.control.Saved.$Properties {
        }

        /** Represents a Saved. */
        class Saved {

            /**
             * Constructs a new Saved.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Saved.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Saved step. */
            step: number;

            /** Saved hash. */
            hash: string;

            /**
             * Encodes the specified Saved message. Does not implicitly {@link brine.control.Saved.verify|verify} messages.
             * @param message Saved message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Saved.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Saved message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Saved & brine.control.Saved.$Shape} Saved
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Saved & brine.control.Saved.$Shape;

            /**
             * Gets the type url for Saved
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Saved {

            /** Properties of a Saved. */
            interface $Properties {

                /** Saved step */
                step?: (number|null);

                /** Saved hash */
                hash?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Saved. */
            type $Shape = brine.control.Saved.$Properties;
        }

        /**
         * Properties of a Greet.
         * @deprecated Use brine.control.Greet.$Properties instead.
         */
        interface IGreet extends brine.control.Greet.$Properties {
        }

        /** Represents a Greet. */
        class Greet {

            /**
             * Constructs a new Greet.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Greet.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Greet message. Does not implicitly {@link brine.control.Greet.verify|verify} messages.
             * @param message Greet message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Greet.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Greet message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Greet & brine.control.Greet.$Shape} Greet
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Greet & brine.control.Greet.$Shape;

            /**
             * Gets the type url for Greet
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Greet {

            /** Properties of a Greet. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Greet. */
            type $Shape = brine.control.Greet.$Properties;
        }

        /**
         * Properties of an AskStatus.
         * @deprecated Use brine.control.AskStatus.$Properties instead.
         */
        interface IAskStatus extends brine.control.AskStatus.$Properties {
        }

        /** Represents an AskStatus. */
        class AskStatus {

            /**
             * Constructs a new AskStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.AskStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified AskStatus message. Does not implicitly {@link brine.control.AskStatus.verify|verify} messages.
             * @param message AskStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.AskStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.AskStatus & brine.control.AskStatus.$Shape} AskStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.AskStatus & brine.control.AskStatus.$Shape;

            /**
             * Gets the type url for AskStatus
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace AskStatus {

            /** Properties of an AskStatus. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskStatus. */
            type $Shape = brine.control.AskStatus.$Properties;
        }

        /**
         * Properties of a Status.
         * @deprecated Use brine.control.Status.$Properties instead.
         */
        interface IStatus extends brine.control.Status.$Properties {
        }

        /** Represents a Status. */
        class Status {

            /**
             * Constructs a new Status.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Status.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Status generation. */
            generation: number;

            /** Status state. */
            state: string;

            /** Status ranks. */
            ranks: number;

            /** Status reports. */
            reports: brine.control.Report.$Properties[];

            /** Status missing. */
            missing: string[];

            /**
             * Encodes the specified Status message. Does not implicitly {@link brine.control.Status.verify|verify} messages.
             * @param message Status message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Status.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Status message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Status & brine.control.Status.$Shape} Status
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Status & brine.control.Status.$Shape;

            /**
             * Gets the type url for Status
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Status {

            /** Properties of a Status. */
            interface $Properties {

                /** Status generation */
                generation?: (number|null);

                /** Status state */
                state?: (string|null);

                /** Status ranks */
                ranks?: (number|null);

                /** Status reports */
                reports?: (brine.control.Report.$Properties[]|null);

                /** Status missing */
                missing?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Status. */
            type $Shape = brine.control.Status.$Properties;
        }

        /**
         * Properties of a Report.
         * @deprecated Use brine.control.Report.$Properties instead.
         */
        interface IReport extends brine.control.Report.$Properties {
        }

        /** Represents a Report. */
        class Report {

            /**
             * Constructs a new Report.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Report.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Report name. */
            name: string;

            /** Report numbers. */
            numbers: { [k: string]: number };

            /** Report words. */
            words: { [k: string]: string };

            /**
             * Encodes the specified Report message. Does not implicitly {@link brine.control.Report.verify|verify} messages.
             * @param message Report message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Report.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Report message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Report & brine.control.Report.$Shape} Report
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Report & brine.control.Report.$Shape;

            /**
             * Gets the type url for Report
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Report {

            /** Properties of a Report. */
            interface $Properties {

                /** Report name */
                name?: (string|null);

                /** Report numbers */
                numbers?: ({ [k: string]: number }|null);

                /** Report words */
                words?: ({ [k: string]: string }|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Report. */
            type $Shape = brine.control.Report.$Properties;
        }

        /**
         * Properties of an Order.
         * @deprecated Use brine.control.Order.$Properties instead.
         */
        interface IOrder extends brine.control.Order.$Properties {
        }

        /** Represents an Order. */
        class Order {

            /**
             * Constructs a new Order.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Order.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Order role. */
            role: string;

            /** Order rank. */
            rank: number;

            /** Order kill. */
            kill: boolean;

            /** Order endpoint. */
            endpoint: string;

            /**
             * Encodes the specified Order message. Does not implicitly {@link brine.control.Order.verify|verify} messages.
             * @param message Order message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Order.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Order message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Order & brine.control.Order.$Shape} Order
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Order & brine.control.Order.$Shape;

            /**
             * Gets the type url for Order
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Order {

            /** Properties of an Order. */
            interface $Properties {

                /** Order role */
                role?: (string|null);

                /** Order rank */
                rank?: (number|null);

                /** Order kill */
                kill?: (boolean|null);

                /** Order endpoint */
                endpoint?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Order. */
            type $Shape = brine.control.Order.$Properties;
        }

        /**
         * Properties of a Lost.
         * @deprecated Use brine.control.Lost.$Properties instead.
         */
        interface ILost extends brine.control.Lost.$Properties {
        }

        /** Represents a Lost. */
        class Lost {

            /**
             * Constructs a new Lost.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Lost.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Lost role. */
            role: string;

            /** Lost rank. */
            rank: number;

            /** Lost how. */
            how: string;

            /** Lost obeyed. */
            obeyed: boolean;

            /** Lost hint. */
            hint: string;

            /**
             * Encodes the specified Lost message. Does not implicitly {@link brine.control.Lost.verify|verify} messages.
             * @param message Lost message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Lost.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Lost message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Lost & brine.control.Lost.$Shape} Lost
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Lost & brine.control.Lost.$Shape;

            /**
             * Gets the type url for Lost
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Lost {

            /** Properties of a Lost. */
            interface $Properties {

                /** Lost role */
                role?: (string|null);

                /** Lost rank */
                rank?: (number|null);

                /** Lost how */
                how?: (string|null);

                /** Lost obeyed */
                obeyed?: (boolean|null);

                /** Lost hint */
                hint?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Lost. */
            type $Shape = brine.control.Lost.$Properties;
        }

        /**
         * Properties of an Abandon.
         * @deprecated Use brine.control.Abandon.$Properties instead.
         */
        interface IAbandon extends brine.control.Abandon.$Properties {
        }

        /** Represents an Abandon. */
        class Abandon {

            /**
             * Constructs a new Abandon.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Abandon.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Abandon generation. */
            generation: number;

            /** Abandon afterStep. */
            afterStep: boolean;

            /**
             * Encodes the specified Abandon message. Does not implicitly {@link brine.control.Abandon.verify|verify} messages.
             * @param message Abandon message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Abandon.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Abandon message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Abandon & brine.control.Abandon.$Shape} Abandon
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Abandon & brine.control.Abandon.$Shape;

            /**
             * Gets the type url for Abandon
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Abandon {

            /** Properties of an Abandon. */
            interface $Properties {

                /** Abandon generation */
                generation?: (number|null);

                /** Abandon afterStep */
                afterStep?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Abandon. */
            type $Shape = brine.control.Abandon.$Properties;
        }

        /**
         * Properties of a Stranded.
         * @deprecated Use brine.control.Stranded.$Properties instead.
         */
        interface IStranded extends brine.control.Stranded.$Properties {
        }

        /** Represents a Stranded. */
        class Stranded {

            /**
             * Constructs a new Stranded.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Stranded.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Stranded generation. */
            generation: number;

            /** Stranded step. */
            step: number;

            /** Stranded evaluated. */
            evaluated: boolean;

            /** Stranded summed. */
            summed: boolean;

            /** Stranded blank. */
            blank: boolean;

            /** Stranded endpoint. */
            endpoint: string;

            /** Stranded why. */
            why: string;

            /** Stranded saved. */
            saved?: (brine.control.Saved.$Properties|null);

            /**
             * Encodes the specified Stranded message. Does not implicitly {@link brine.control.Stranded.verify|verify} messages.
             * @param message Stranded message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Stranded.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Stranded message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Stranded & brine.control.Stranded.$Shape} Stranded
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Stranded & brine.control.Stranded.$Shape;

            /**
             * Gets the type url for Stranded
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Stranded {

            /** Properties of a Stranded. */
            interface $Properties {

                /** Stranded generation */
                generation?: (number|null);

                /** Stranded step */
                step?: (number|null);

                /** Stranded evaluated */
                evaluated?: (boolean|null);

                /** Stranded summed */
                summed?: (boolean|null);

                /** Stranded blank */
                blank?: (boolean|null);

                /** Stranded endpoint */
                endpoint?: (string|null);

                /** Stranded why */
                why?: (string|null);

                /** Stranded saved */
                saved?: (brine.control.Saved.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Stranded. */
            type $Shape = brine.control.Stranded.$Properties;
        }

        /**
         * Properties of a Peer.
         * @deprecated Use brine.control.Peer.$Properties instead.
         */
        interface IPeer extends brine.control.Peer.$Properties {
        }

        /** Represents a Peer. */
        class Peer {

            /**
             * Constructs a new Peer.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Peer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Peer role. */
            role: string;

            /** Peer rank. */
            rank: number;

            /** Peer endpoint. */
            endpoint: string;

            /**
             * Encodes the specified Peer message. Does not implicitly {@link brine.control.Peer.verify|verify} messages.
             * @param message Peer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Peer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Peer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Peer & brine.control.Peer.$Shape} Peer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Peer & brine.control.Peer.$Shape;

            /**
             * Gets the type url for Peer
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Peer {

            /** Properties of a Peer. */
            interface $Properties {

                /** Peer role */
                role?: (string|null);

                /** Peer rank */
                rank?: (number|null);

                /** Peer endpoint */
                endpoint?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Peer. */
            type $Shape = brine.control.Peer.$Properties;
        }

        /**
         * Properties of a Stop.
         * @deprecated Use brine.control.Stop.$Properties instead.
         */
        interface IStop extends brine.control.Stop.$Properties {
        }

        /** Represents a Stop. */
        class Stop {

            /**
             * Constructs a new Stop.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Stop.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Stop reason. */
            reason: string;

            /** Stop finished. */
            finished: boolean;

            /**
             * Encodes the specified Stop message. Does not implicitly {@link brine.control.Stop.verify|verify} messages.
             * @param message Stop message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Stop.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Stop message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Stop & brine.control.Stop.$Shape} Stop
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Stop & brine.control.Stop.$Shape;

            /**
             * Gets the type url for Stop
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Stop {

            /** Properties of a Stop. */
            interface $Properties {

                /** Stop reason */
                reason?: (string|null);

                /** Stop finished */
                finished?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Stop. */
            type $Shape = brine.control.Stop.$Properties;
        }

        /**
         * Properties of a Progress.
         * @deprecated Use brine.control.Progress.$Properties instead.
         */
        interface IProgress extends brine.control.Progress.$Properties {
        }

        /** Represents a Progress. */
        class Progress {

            /**
             * Constructs a new Progress.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Progress.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Progress numbers. */
            numbers: { [k: string]: number };

            /** Progress words. */
            words: { [k: string]: string };

            /**
             * Encodes the specified Progress message. Does not implicitly {@link brine.control.Progress.verify|verify} messages.
             * @param message Progress message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Progress.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Progress message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Progress & brine.control.Progress.$Shape} Progress
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Progress & brine.control.Progress.$Shape;

            /**
             * Gets the type url for Progress
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Progress {

            /** Properties of a Progress. */
            interface $Properties {

                /** Progress numbers */
                numbers?: ({ [k: string]: number }|null);

                /** Progress words */
                words?: ({ [k: string]: string }|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Progress. */
            type $Shape = brine.control.Progress.$Properties;
        }

        /**
         * Properties of a Done.
         * @deprecated Use brine.control.Done.$Properties instead.
         */
        interface IDone extends brine.control.Done.$Properties {
        }

        /** Represents a Done. */
        class Done {

            /**
             * Constructs a new Done.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Done.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Done numbers. */
            numbers: { [k: string]: number };

            /** Done words. */
            words: { [k: string]: string };

            /**
             * Encodes the specified Done message. Does not implicitly {@link brine.control.Done.verify|verify} messages.
             * @param message Done message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Done.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Done message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Done & brine.control.Done.$Shape} Done
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Done & brine.control.Done.$Shape;

            /**
             * Gets the type url for Done
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Done {

            /** Properties of a Done. */
            interface $Properties {

                /** Done numbers */
                numbers?: ({ [k: string]: number }|null);

                /** Done words */
                words?: ({ [k: string]: string }|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Done. */
            type $Shape = brine.control.Done.$Properties;
        }

        /**
         * Properties of a Failed.
         * @deprecated Use brine.control.Failed.$Properties instead.
         */
        interface IFailed extends brine.control.Failed.$Properties {
        }

        /** Represents a Failed. */
        class Failed {

            /**
             * Constructs a new Failed.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.Failed.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Failed code. */
            code: string;

            /** Failed message. */
            message: string;

            /** Failed hint. */
            hint: string;

            /** Failed role. */
            role: string;

            /** Failed rank. */
            rank: number;

            /** Failed run. */
            run: string;

            /**
             * Encodes the specified Failed message. Does not implicitly {@link brine.control.Failed.verify|verify} messages.
             * @param message Failed message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.Failed.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Failed message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.Failed & brine.control.Failed.$Shape} Failed
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.Failed & brine.control.Failed.$Shape;

            /**
             * Gets the type url for Failed
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Failed {

            /** Properties of a Failed. */
            interface $Properties {

                /** Failed code */
                code?: (string|null);

                /** Failed message */
                message?: (string|null);

                /** Failed hint */
                hint?: (string|null);

                /** Failed role */
                role?: (string|null);

                /** Failed rank */
                rank?: (number|null);

                /** Failed run */
                run?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Failed. */
            type $Shape = brine.control.Failed.$Properties;
        }

        /**
         * Properties of a StateAsk.
         * @deprecated Use brine.control.StateAsk.$Properties instead.
         */
        interface IStateAsk extends brine.control.StateAsk.$Properties {
        }

        /** Represents a StateAsk. */
        class StateAsk {

            /**
             * Constructs a new StateAsk.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.StateAsk.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StateAsk run. */
            run: string;

            /** StateAsk generation. */
            generation: number;

            /** StateAsk step. */
            step: number;

            /**
             * Encodes the specified StateAsk message. Does not implicitly {@link brine.control.StateAsk.verify|verify} messages.
             * @param message StateAsk message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.StateAsk.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StateAsk message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.StateAsk & brine.control.StateAsk.$Shape} StateAsk
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.StateAsk & brine.control.StateAsk.$Shape;

            /**
             * Gets the type url for StateAsk
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace StateAsk {

            /** Properties of a StateAsk. */
            interface $Properties {

                /** StateAsk run */
                run?: (string|null);

                /** StateAsk generation */
                generation?: (number|null);

                /** StateAsk step */
                step?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StateAsk. */
            type $Shape = brine.control.StateAsk.$Properties;
        }

        /**
         * Properties of a StatePart.
         * @deprecated Use brine.control.StatePart.$Properties instead.
         */
        interface IStatePart extends brine.control.StatePart.$Properties {
        }

        /** Represents a StatePart. */
        class StatePart {

            /**
             * Constructs a new StatePart.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.control.StatePart.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StatePart array. */
            array: number;

            /** StatePart arrays. */
            arrays: number;

            /** StatePart part. */
            part: number;

            /** StatePart elements. */
            elements: number;

            /** StatePart crc. */
            crc: number;

            /** StatePart refused. */
            refused: string;

            /**
             * Encodes the specified StatePart message. Does not implicitly {@link brine.control.StatePart.verify|verify} messages.
             * @param message StatePart message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.control.StatePart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StatePart message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.control.StatePart & brine.control.StatePart.$Shape} StatePart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.control.StatePart & brine.control.StatePart.$Shape;

            /**
             * Gets the type url for StatePart
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace StatePart {

            /** Properties of a StatePart. */
            interface $Properties {

                /** StatePart array */
                array?: (number|null);

                /** StatePart arrays */
                arrays?: (number|null);

                /** StatePart part */
                part?: (number|null);

                /** StatePart elements */
                elements?: (number|null);

                /** StatePart crc */
                crc?: (number|null);

                /** StatePart refused */
                refused?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StatePart. */
            type $Shape = brine.control.StatePart.$Properties;
        }
    }
}
