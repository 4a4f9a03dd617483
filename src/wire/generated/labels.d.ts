import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace brine. */
export namespace brine {

    /** Namespace labels. */
    namespace labels {

        /**
         * Properties of a FromPeer.
         * @deprecated Use brine.labels.FromPeer.$Properties instead.
         */
        interface IFromPeer extends brine.labels.FromPeer.$Properties {
        }

        /** Represents a FromPeer. */
        class FromPeer {

            /**
             * Constructs a new FromPeer.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.FromPeer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FromPeer hello. */
            hello?: (brine.labels.Hello.$Properties|null);

            /** FromPeer ask. */
            ask?: (brine.labels.Ask.$Properties|null);

            /** FromPeer deliver. */
            deliver?: (brine.labels.Deliver.$Properties|null);

            /** FromPeer giveBack. */
            giveBack?: (brine.labels.GiveBack.$Properties|null);

            /** FromPeer fetch. */
            fetch?: (brine.labels.Fetch.$Properties|null);

            /** FromPeer askStats. */
            askStats?: (brine.labels.AskStats.$Properties|null);

            /** FromPeer alive. */
            alive?: (brine.labels.Alive.$Properties|null);

            /** FromPeer leave. */
            leave?: (brine.labels.Leave.$Properties|null);

            /** FromPeer askModel. */
            askModel?: (brine.labels.AskModel.$Properties|null);

            /** FromPeer askChunk. */
            askChunk?: (brine.labels.AskChunk.$Properties|null);

            /** FromPeer message. */
            message?: ("hello"|"ask"|"deliver"|"giveBack"|"fetch"|"askStats"|"alive"|"leave"|"askModel"|"askChunk");

            /**
             * Encodes the specified FromPeer message. Does not implicitly {@link brine.labels.FromPeer.verify|verify} messages.
             * @param message FromPeer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.FromPeer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FromPeer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.FromPeer & brine.labels.FromPeer.$Shape} FromPeer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.FromPeer & brine.labels.FromPeer.$Shape;

            /**
             * Gets the type url for FromPeer
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace FromPeer {

            /** Properties of a FromPeer. */
            interface $Properties {

                /** FromPeer hello */
                hello?: (brine.labels.Hello.$Properties|null);

                /** FromPeer ask */
                ask?: (brine.labels.Ask.$Properties|null);

                /** FromPeer deliver */
                deliver?: (brine.labels.Deliver.$Properties|null);

                /** FromPeer giveBack */
                giveBack?: (brine.labels.GiveBack.$Properties|null);

                /** FromPeer fetch */
                fetch?: (brine.labels.Fetch.$Properties|null);

                /** FromPeer askStats */
                askStats?: (brine.labels.AskStats.$Properties|null);

                /** FromPeer alive */
                alive?: (brine.labels.Alive.$Properties|null);

                /** FromPeer leave */
                leave?: (brine.labels.Leave.$Properties|null);

                /** FromPeer askModel */
                askModel?: (brine.labels.AskModel.$Properties|null);

                /** FromPeer askChunk */
                askChunk?: (brine.labels.AskChunk.$Properties|null);

                /** FromPeer message */
                message?: ("hello"|"ask"|"deliver"|"giveBack"|"fetch"|"askStats"|"alive"|"leave"|"askModel"|"askChunk");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a FromPeer. */
            type $Shape = {
              hello?: brine.labels.Hello.$Shape|null;
              ask?: brine.labels.Ask.$Shape|null;
              deliver?: brine.labels.Deliver.$Shape|null;
              giveBack?: brine.labels.GiveBack.$Shape|null;
              fetch?: brine.labels.Fetch.$Shape|null;
              askStats?: brine.labels.AskStats.$Shape|null;
              alive?: brine.labels.Alive.$Shape|null;
              leave?: brine.labels.Leave.$Shape|null;
              askModel?: brine.labels.AskModel.$Shape|null;
              askChunk?: brine.labels.AskChunk.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ message?: undefined; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "hello"; hello: brine.labels.Hello.$Shape; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "ask"; hello?: null; ask: brine.labels.Ask.$Shape; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "deliver"; hello?: null; ask?: null; deliver: brine.labels.Deliver.$Shape; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "giveBack"; hello?: null; ask?: null; deliver?: null; giveBack: brine.labels.GiveBack.$Shape; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "fetch"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch: brine.labels.Fetch.$Shape; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "askStats"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats: brine.labels.AskStats.$Shape; alive?: null; leave?: null; askModel?: null; askChunk?: null }|{ message?: "alive"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive: brine.labels.Alive.$Shape; leave?: null; askModel?: null; askChunk?: null }|{ message?: "leave"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave: brine.labels.Leave.$Shape; askModel?: null; askChunk?: null }|{ message?: "askModel"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel: brine.labels.AskModel.$Shape; askChunk?: null }|{ message?: "askChunk"; hello?: null; ask?: null; deliver?: null; giveBack?: null; fetch?: null; askStats?: null; alive?: null; leave?: null; askModel?: null; askChunk: brine.labels.AskChunk.$Shape })
            );
        }

        /**
         * Properties of a ToPeer.
         * @deprecated Use brine.labels.ToPeer.$Properties instead.
         */
        interface IToPeer extends brine.labels.ToPeer.$Properties {
        }

        /** Represents a ToPeer. */
        class ToPeer {

            /**
             * Constructs a new ToPeer.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.ToPeer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ToPeer welcome. */
            welcome?: (brine.labels.Welcome.$Properties|null);

            /** ToPeer refused. */
            refused?: (brine.labels.Refused.$Properties|null);

            /** ToPeer lease. */
            lease?: (brine.labels.Lease.$Properties|null);

            /** ToPeer stored. */
            stored?: (brine.labels.Stored.$Properties|null);

            /** ToPeer records. */
            records?: (brine.labels.Records.$Properties|null);

            /** ToPeer failed. */
            failed?: (brine.labels.Failed.$Properties|null);

            /** ToPeer stats. */
            stats?: (brine.labels.Stats.$Properties|null);

            /** ToPeer bye. */
            bye?: (brine.labels.Bye.$Properties|null);

            /** ToPeer greet. */
            greet?: (brine.labels.Greet.$Properties|null);

            /** ToPeer missing. */
            missing?: (brine.labels.Missing.$Properties|null);

            /** ToPeer model. */
            model?: (brine.labels.Model.$Properties|null);

            /** ToPeer chunk. */
            chunk?: (brine.labels.Chunk.$Properties|null);

            /** ToPeer message. */
            message?: ("welcome"|"refused"|"lease"|"stored"|"records"|"failed"|"stats"|"bye"|"greet"|"missing"|"model"|"chunk");

            /**
             * Encodes the specified ToPeer message. Does not implicitly {@link brine.labels.ToPeer.verify|verify} messages.
             * @param message ToPeer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.ToPeer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ToPeer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.ToPeer & brine.labels.ToPeer.$Shape} ToPeer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.ToPeer & brine.labels.ToPeer.$Shape;

            /**
             * Gets the type url for ToPeer
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace ToPeer {

            /** Properties of a ToPeer. */
            interface $Properties {

                /** ToPeer welcome */
                welcome?: (brine.labels.Welcome.$Properties|null);

                /** ToPeer refused */
                refused?: (brine.labels.Refused.$Properties|null);

                /** ToPeer lease */
                lease?: (brine.labels.Lease.$Properties|null);

                /** ToPeer stored */
                stored?: (brine.labels.Stored.$Properties|null);

                /** ToPeer records */
                records?: (brine.labels.Records.$Properties|null);

                /** ToPeer failed */
                failed?: (brine.labels.Failed.$Properties|null);

                /** ToPeer stats */
                stats?: (brine.labels.Stats.$Properties|null);

                /** ToPeer bye */
                bye?: (brine.labels.Bye.$Properties|null);

                /** ToPeer greet */
                greet?: (brine.labels.Greet.$Properties|null);

                /** ToPeer missing */
                missing?: (brine.labels.Missing.$Properties|null);

                /** ToPeer model */
                model?: (brine.labels.Model.$Properties|null);

                /** ToPeer chunk */
                chunk?: (brine.labels.Chunk.$Properties|null);

                /** ToPeer message */
                message?: ("welcome"|"refused"|"lease"|"stored"|"records"|"failed"|"stats"|"bye"|"greet"|"missing"|"model"|"chunk");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a ToPeer. */
            type $Shape = {
              welcome?: brine.labels.Welcome.$Shape|null;
              refused?: brine.labels.Refused.$Shape|null;
              lease?: brine.labels.Lease.$Shape|null;
              stored?: brine.labels.Stored.$Shape|null;
              records?: brine.labels.Records.$Shape|null;
              failed?: brine.labels.Failed.$Shape|null;
              stats?: brine.labels.Stats.$Shape|null;
              bye?: brine.labels.Bye.$Shape|null;
              greet?: brine.labels.Greet.$Shape|null;
              missing?: brine.labels.Missing.$Shape|null;
              model?: brine.labels.Model.$Shape|null;
              chunk?: brine.labels.Chunk.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ message?: undefined; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "welcome"; welcome: brine.labels.Welcome.$Shape; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "refused"; welcome?: null; refused: brine.labels.Refused.$Shape; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "lease"; welcome?: null; refused?: null; lease: brine.labels.Lease.$Shape; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "stored"; welcome?: null; refused?: null; lease?: null; stored: brine.labels.Stored.$Shape; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "records"; welcome?: null; refused?: null; lease?: null; stored?: null; records: brine.labels.Records.$Shape; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "failed"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed: brine.labels.Failed.$Shape; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "stats"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats: brine.labels.Stats.$Shape; bye?: null; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "bye"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye: brine.labels.Bye.$Shape; greet?: null; missing?: null; model?: null; chunk?: null }|{ message?: "greet"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet: brine.labels.Greet.$Shape; missing?: null; model?: null; chunk?: null }|{ message?: "missing"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing: brine.labels.Missing.$Shape; model?: null; chunk?: null }|{ message?: "model"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model: brine.labels.Model.$Shape; chunk?: null }|{ message?: "chunk"; welcome?: null; refused?: null; lease?: null; stored?: null; records?: null; failed?: null; stats?: null; bye?: null; greet?: null; missing?: null; model?: null; chunk: brine.labels.Chunk.$Shape })
            );
        }

        /**
         * Properties of an Identity.
         * @deprecated Use brine.labels.Identity.$Properties instead.
         */
        interface IIdentity extends brine.labels.Identity.$Properties {
        }

        /** Represents an Identity. */
        class Identity {

            /**
             * Constructs a new Identity.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Identity.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Identity tokenizer. */
            tokenizer: string;

            /** Identity data. */
            data: string;

            /** Identity teacher. */
            teacher: string;

            /** Identity rule. */
            rule?: (brine.labels.Rule.$Properties|null);

            /**
             * Encodes the specified Identity message. Does not implicitly {@link brine.labels.Identity.verify|verify} messages.
             * @param message Identity message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Identity.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Identity message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Identity & brine.labels.Identity.$Shape} Identity
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Identity & brine.labels.Identity.$Shape;

            /**
             * Gets the type url for Identity
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Identity {

            /** Properties of an Identity. */
            interface $Properties {

                /** Identity tokenizer */
                tokenizer?: (string|null);

                /** Identity data */
                data?: (string|null);

                /** Identity teacher */
                teacher?: (string|null);

                /** Identity rule */
                rule?: (brine.labels.Rule.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Identity. */
            type $Shape = brine.labels.Identity.$Properties;
        }

        /**
         * Properties of a Rule.
         * @deprecated Use brine.labels.Rule.$Properties instead.
         */
        interface IRule extends brine.labels.Rule.$Properties {
        }

        /** Represents a Rule. */
        class Rule {

            /**
             * Constructs a new Rule.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Rule.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Rule kind. */
            kind: string;

            /** Rule size. */
            size: number;

            /** Rule temperature. */
            temperature: number;

            /** Rule seed. */
            seed: number;

            /**
             * Encodes the specified Rule message. Does not implicitly {@link brine.labels.Rule.verify|verify} messages.
             * @param message Rule message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Rule.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Rule message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Rule & brine.labels.Rule.$Shape} Rule
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Rule & brine.labels.Rule.$Shape;

            /**
             * Gets the type url for Rule
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Rule {

            /** Properties of a Rule. */
            interface $Properties {

                /** Rule kind */
                kind?: (string|null);

                /** Rule size */
                size?: (number|null);

                /** Rule temperature */
                temperature?: (number|null);

                /** Rule seed */
                seed?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Rule. */
            type $Shape = brine.labels.Rule.$Properties;
        }

        /**
         * Properties of a Hello.
         * @deprecated Use brine.labels.Hello.$Properties instead.
         */
        interface IHello extends brine.labels.Hello.$Properties {
        }

        /** Represents a Hello. */
        class Hello {

            /**
             * Constructs a new Hello.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Hello.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Hello role. */
            role: string;

            /** Hello identity. */
            identity?: (brine.labels.Identity.$Properties|null);

            /**
             * Encodes the specified Hello message. Does not implicitly {@link brine.labels.Hello.verify|verify} messages.
             * @param message Hello message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Hello & brine.labels.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Hello & brine.labels.Hello.$Shape;

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

                /** Hello identity */
                identity?: (brine.labels.Identity.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Hello. */
            type $Shape = brine.labels.Hello.$Properties;
        }

        /**
         * Properties of a Welcome.
         * @deprecated Use brine.labels.Welcome.$Properties instead.
         */
        interface IWelcome extends brine.labels.Welcome.$Properties {
        }

        /** Represents a Welcome. */
        class Welcome {

            /**
             * Constructs a new Welcome.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Welcome.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Welcome identity. */
            identity?: (brine.labels.Identity.$Properties|null);

            /** Welcome replay. */
            replay: boolean;

            /** Welcome vocabulary. */
            vocabulary: number;

            /** Welcome positions. */
            positions: number;

            /** Welcome part. */
            part: number;

            /** Welcome parts. */
            parts: number;

            /** Welcome endpoints. */
            endpoints: string[];

            /**
             * Encodes the specified Welcome message. Does not implicitly {@link brine.labels.Welcome.verify|verify} messages.
             * @param message Welcome message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Welcome.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Welcome message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Welcome & brine.labels.Welcome.$Shape} Welcome
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Welcome & brine.labels.Welcome.$Shape;

            /**
             * Gets the type url for Welcome
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Welcome {

            /** Properties of a Welcome. */
            interface $Properties {

                /** Welcome identity */
                identity?: (brine.labels.Identity.$Properties|null);

                /** Welcome replay */
                replay?: (boolean|null);

                /** Welcome vocabulary */
                vocabulary?: (number|null);

                /** Welcome positions */
                positions?: (number|null);

                /** Welcome part */
                part?: (number|null);

                /** Welcome parts */
                parts?: (number|null);

                /** Welcome endpoints */
                endpoints?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Welcome. */
            type $Shape = brine.labels.Welcome.$Properties;
        }

        /**
         * Properties of a Greet.
         * @deprecated Use brine.labels.Greet.$Properties instead.
         */
        interface IGreet extends brine.labels.Greet.$Properties {
        }

        /** Represents a Greet. */
        class Greet {

            /**
             * Constructs a new Greet.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Greet.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Greet message. Does not implicitly {@link brine.labels.Greet.verify|verify} messages.
             * @param message Greet message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Greet.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Greet message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Greet & brine.labels.Greet.$Shape} Greet
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Greet & brine.labels.Greet.$Shape;

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
            type $Shape = brine.labels.Greet.$Properties;
        }

        /**
         * Properties of a Refused.
         * @deprecated Use brine.labels.Refused.$Properties instead.
         */
        interface IRefused extends brine.labels.Refused.$Properties {
        }

        /** Represents a Refused. */
        class Refused {

            /**
             * Constructs a new Refused.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Refused.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Refused code. */
            code: string;

            /** Refused message. */
            message: string;

            /** Refused hint. */
            hint: string;

            /**
             * Encodes the specified Refused message. Does not implicitly {@link brine.labels.Refused.verify|verify} messages.
             * @param message Refused message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Refused.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Refused message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Refused & brine.labels.Refused.$Shape} Refused
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Refused & brine.labels.Refused.$Shape;

            /**
             * Gets the type url for Refused
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Refused {

            /** Properties of a Refused. */
            interface $Properties {

                /** Refused code */
                code?: (string|null);

                /** Refused message */
                message?: (string|null);

                /** Refused hint */
                hint?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Refused. */
            type $Shape = brine.labels.Refused.$Properties;
        }

        /**
         * Properties of an Ask.
         * @deprecated Use brine.labels.Ask.$Properties instead.
         */
        interface IAsk extends brine.labels.Ask.$Properties {
        }

        /** Represents an Ask. */
        class Ask {

            /**
             * Constructs a new Ask.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Ask.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Ask most. */
            most: number;

            /**
             * Encodes the specified Ask message. Does not implicitly {@link brine.labels.Ask.verify|verify} messages.
             * @param message Ask message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Ask.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Ask message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Ask & brine.labels.Ask.$Shape} Ask
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Ask & brine.labels.Ask.$Shape;

            /**
             * Gets the type url for Ask
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Ask {

            /** Properties of an Ask. */
            interface $Properties {

                /** Ask most */
                most?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Ask. */
            type $Shape = brine.labels.Ask.$Properties;
        }

        /**
         * Properties of a Lease.
         * @deprecated Use brine.labels.Lease.$Properties instead.
         */
        interface ILease extends brine.labels.Lease.$Properties {
        }

        /** Represents a Lease. */
        class Lease {

            /**
             * Constructs a new Lease.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Lease.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Lease lease. */
            lease: number;

            /** Lease rows. */
            rows: number[];

            /** Lease milliseconds. */
            milliseconds: number;

            /**
             * Encodes the specified Lease message. Does not implicitly {@link brine.labels.Lease.verify|verify} messages.
             * @param message Lease message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Lease.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Lease message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Lease & brine.labels.Lease.$Shape} Lease
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Lease & brine.labels.Lease.$Shape;

            /**
             * Gets the type url for Lease
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Lease {

            /** Properties of a Lease. */
            interface $Properties {

                /** Lease lease */
                lease?: (number|null);

                /** Lease rows */
                rows?: (number[]|null);

                /** Lease milliseconds */
                milliseconds?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Lease. */
            type $Shape = brine.labels.Lease.$Properties;
        }

        /**
         * Properties of a Deliver.
         * @deprecated Use brine.labels.Deliver.$Properties instead.
         */
        interface IDeliver extends brine.labels.Deliver.$Properties {
        }

        /** Represents a Deliver. */
        class Deliver {

            /**
             * Constructs a new Deliver.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Deliver.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Deliver lease. */
            lease: number;

            /** Deliver rows. */
            rows: number[];

            /** Deliver delivery. */
            delivery: number;

            /**
             * Encodes the specified Deliver message. Does not implicitly {@link brine.labels.Deliver.verify|verify} messages.
             * @param message Deliver message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Deliver.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Deliver message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Deliver & brine.labels.Deliver.$Shape} Deliver
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Deliver & brine.labels.Deliver.$Shape;

            /**
             * Gets the type url for Deliver
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Deliver {

            /** Properties of a Deliver. */
            interface $Properties {

                /** Deliver lease */
                lease?: (number|null);

                /** Deliver rows */
                rows?: (number[]|null);

                /** Deliver delivery */
                delivery?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Deliver. */
            type $Shape = brine.labels.Deliver.$Properties;
        }

        /**
         * Properties of a Stored.
         * @deprecated Use brine.labels.Stored.$Properties instead.
         */
        interface IStored extends brine.labels.Stored.$Properties {
        }

        /** Represents a Stored. */
        class Stored {

            /**
             * Constructs a new Stored.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Stored.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Stored lease. */
            lease: number;

            /** Stored delivery. */
            delivery: number;

            /**
             * Encodes the specified Stored message. Does not implicitly {@link brine.labels.Stored.verify|verify} messages.
             * @param message Stored message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Stored.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Stored message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Stored & brine.labels.Stored.$Shape} Stored
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Stored & brine.labels.Stored.$Shape;

            /**
             * Gets the type url for Stored
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Stored {

            /** Properties of a Stored. */
            interface $Properties {

                /** Stored lease */
                lease?: (number|null);

                /** Stored delivery */
                delivery?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Stored. */
            type $Shape = brine.labels.Stored.$Properties;
        }

        /**
         * Properties of a GiveBack.
         * @deprecated Use brine.labels.GiveBack.$Properties instead.
         */
        interface IGiveBack extends brine.labels.GiveBack.$Properties {
        }

        /** Represents a GiveBack. */
        class GiveBack {

            /**
             * Constructs a new GiveBack.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.GiveBack.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GiveBack lease. */
            lease: number;

            /**
             * Encodes the specified GiveBack message. Does not implicitly {@link brine.labels.GiveBack.verify|verify} messages.
             * @param message GiveBack message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.GiveBack.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GiveBack message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.GiveBack & brine.labels.GiveBack.$Shape} GiveBack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.GiveBack & brine.labels.GiveBack.$Shape;

            /**
             * Gets the type url for GiveBack
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace GiveBack {

            /** Properties of a GiveBack. */
            interface $Properties {

                /** GiveBack lease */
                lease?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GiveBack. */
            type $Shape = brine.labels.GiveBack.$Properties;
        }

        /**
         * Properties of a Fetch.
         * @deprecated Use brine.labels.Fetch.$Properties instead.
         */
        interface IFetch extends brine.labels.Fetch.$Properties {
        }

        /** Represents a Fetch. */
        class Fetch {

            /**
             * Constructs a new Fetch.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Fetch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Fetch request. */
            request: number;

            /** Fetch rows. */
            rows: number[];

            /**
             * Encodes the specified Fetch message. Does not implicitly {@link brine.labels.Fetch.verify|verify} messages.
             * @param message Fetch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Fetch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Fetch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Fetch & brine.labels.Fetch.$Shape} Fetch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Fetch & brine.labels.Fetch.$Shape;

            /**
             * Gets the type url for Fetch
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Fetch {

            /** Properties of a Fetch. */
            interface $Properties {

                /** Fetch request */
                request?: (number|null);

                /** Fetch rows */
                rows?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Fetch. */
            type $Shape = brine.labels.Fetch.$Properties;
        }

        /**
         * Properties of a Records.
         * @deprecated Use brine.labels.Records.$Properties instead.
         */
        interface IRecords extends brine.labels.Records.$Properties {
        }

        /** Represents a Records. */
        class Records {

            /**
             * Constructs a new Records.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Records.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Records request. */
            request: number;

            /** Records rows. */
            rows: number[];

            /**
             * Encodes the specified Records message. Does not implicitly {@link brine.labels.Records.verify|verify} messages.
             * @param message Records message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Records.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Records message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Records & brine.labels.Records.$Shape} Records
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Records & brine.labels.Records.$Shape;

            /**
             * Gets the type url for Records
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Records {

            /** Properties of a Records. */
            interface $Properties {

                /** Records request */
                request?: (number|null);

                /** Records rows */
                rows?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Records. */
            type $Shape = brine.labels.Records.$Properties;
        }

        /**
         * Properties of a Missing.
         * @deprecated Use brine.labels.Missing.$Properties instead.
         */
        interface IMissing extends brine.labels.Missing.$Properties {
        }

        /** Represents a Missing. */
        class Missing {

            /**
             * Constructs a new Missing.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Missing.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Missing request. */
            request: number;

            /** Missing rows. */
            rows: number[];

            /**
             * Encodes the specified Missing message. Does not implicitly {@link brine.labels.Missing.verify|verify} messages.
             * @param message Missing message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Missing.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Missing message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Missing & brine.labels.Missing.$Shape} Missing
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Missing & brine.labels.Missing.$Shape;

            /**
             * Gets the type url for Missing
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Missing {

            /** Properties of a Missing. */
            interface $Properties {

                /** Missing request */
                request?: (number|null);

                /** Missing rows */
                rows?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Missing. */
            type $Shape = brine.labels.Missing.$Properties;
        }

        /**
         * Properties of an AskModel.
         * @deprecated Use brine.labels.AskModel.$Properties instead.
         */
        interface IAskModel extends brine.labels.AskModel.$Properties {
        }

        /** Represents an AskModel. */
        class AskModel {

            /**
             * Constructs a new AskModel.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.AskModel.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified AskModel message. Does not implicitly {@link brine.labels.AskModel.verify|verify} messages.
             * @param message AskModel message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.AskModel.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskModel message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.AskModel & brine.labels.AskModel.$Shape} AskModel
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.AskModel & brine.labels.AskModel.$Shape;

            /**
             * Gets the type url for AskModel
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace AskModel {

            /** Properties of an AskModel. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskModel. */
            type $Shape = brine.labels.AskModel.$Properties;
        }

        /**
         * Properties of a Model.
         * @deprecated Use brine.labels.Model.$Properties instead.
         */
        interface IModel extends brine.labels.Model.$Properties {
        }

        /** Represents a Model. */
        class Model {

            /**
             * Constructs a new Model.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Model.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Model files. */
            files: brine.labels.ModelFile.$Properties[];

            /**
             * Encodes the specified Model message. Does not implicitly {@link brine.labels.Model.verify|verify} messages.
             * @param message Model message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Model.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Model message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Model & brine.labels.Model.$Shape} Model
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Model & brine.labels.Model.$Shape;

            /**
             * Gets the type url for Model
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Model {

            /** Properties of a Model. */
            interface $Properties {

                /** Model files */
                files?: (brine.labels.ModelFile.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Model. */
            type $Shape = brine.labels.Model.$Properties;
        }

        /**
         * Properties of a ModelFile.
         * @deprecated Use brine.labels.ModelFile.$Properties instead.
         */
        interface IModelFile extends brine.labels.ModelFile.$Properties {
        }

        /** Represents a ModelFile. */
        class ModelFile {

            /**
             * Constructs a new ModelFile.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.ModelFile.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ModelFile name. */
            name: string;

            /** ModelFile size. */
            size: number;

            /** ModelFile sha256. */
            sha256: string;

            /**
             * Encodes the specified ModelFile message. Does not implicitly {@link brine.labels.ModelFile.verify|verify} messages.
             * @param message ModelFile message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.ModelFile.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ModelFile message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.ModelFile & brine.labels.ModelFile.$Shape} ModelFile
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.ModelFile & brine.labels.ModelFile.$Shape;

            /**
             * Gets the type url for ModelFile
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace ModelFile {

            /** Properties of a ModelFile. */
            interface $Properties {

                /** ModelFile name */
                name?: (string|null);

                /** ModelFile size */
                size?: (number|null);

                /** ModelFile sha256 */
                sha256?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ModelFile. */
            type $Shape = brine.labels.ModelFile.$Properties;
        }

        /**
         * Properties of an AskChunk.
         * @deprecated Use brine.labels.AskChunk.$Properties instead.
         */
        interface IAskChunk extends brine.labels.AskChunk.$Properties {
        }

        /** Represents an AskChunk. */
        class AskChunk {

            /**
             * Constructs a new AskChunk.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.AskChunk.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AskChunk request. */
            request: number;

            /** AskChunk name. */
            name: string;

            /** AskChunk offset. */
            offset: number;

            /** AskChunk length. */
            length: number;

            /**
             * Encodes the specified AskChunk message. Does not implicitly {@link brine.labels.AskChunk.verify|verify} messages.
             * @param message AskChunk message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.AskChunk.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskChunk message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.AskChunk & brine.labels.AskChunk.$Shape} AskChunk
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.AskChunk & brine.labels.AskChunk.$Shape;

            /**
             * Gets the type url for AskChunk
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace AskChunk {

            /** Properties of an AskChunk. */
            interface $Properties {

                /** AskChunk request */
                request?: (number|null);

                /** AskChunk name */
                name?: (string|null);

                /** AskChunk offset */
                offset?: (number|null);

                /** AskChunk length */
                length?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskChunk. */
            type $Shape = brine.labels.AskChunk.$Properties;
        }

        /**
         * Properties of a Chunk.
         * @deprecated Use brine.labels.Chunk.$Properties instead.
         */
        interface IChunk extends brine.labels.Chunk.$Properties {
        }

        /** Represents a Chunk. */
        class Chunk {

            /**
             * Constructs a new Chunk.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Chunk.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Chunk request. */
            request: number;

            /**
             * Encodes the specified Chunk message. Does not implicitly {@link brine.labels.Chunk.verify|verify} messages.
             * @param message Chunk message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Chunk.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Chunk message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Chunk & brine.labels.Chunk.$Shape} Chunk
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Chunk & brine.labels.Chunk.$Shape;

            /**
             * Gets the type url for Chunk
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Chunk {

            /** Properties of a Chunk. */
            interface $Properties {

                /** Chunk request */
                request?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Chunk. */
            type $Shape = brine.labels.Chunk.$Properties;
        }

        /**
         * Properties of a Failed.
         * @deprecated Use brine.labels.Failed.$Properties instead.
         */
        interface IFailed extends brine.labels.Failed.$Properties {
        }

        /** Represents a Failed. */
        class Failed {

            /**
             * Constructs a new Failed.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Failed.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Failed number. */
            number: number;

            /** Failed code. */
            code: string;

            /** Failed message. */
            message: string;

            /** Failed hint. */
            hint: string;

            /**
             * Encodes the specified Failed message. Does not implicitly {@link brine.labels.Failed.verify|verify} messages.
             * @param message Failed message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Failed.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Failed message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Failed & brine.labels.Failed.$Shape} Failed
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Failed & brine.labels.Failed.$Shape;

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

                /** Failed number */
                number?: (number|null);

                /** Failed code */
                code?: (string|null);

                /** Failed message */
                message?: (string|null);

                /** Failed hint */
                hint?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Failed. */
            type $Shape = brine.labels.Failed.$Properties;
        }

        /**
         * Properties of an AskStats.
         * @deprecated Use brine.labels.AskStats.$Properties instead.
         */
        interface IAskStats extends brine.labels.AskStats.$Properties {
        }

        /** Represents an AskStats. */
        class AskStats {

            /**
             * Constructs a new AskStats.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.AskStats.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified AskStats message. Does not implicitly {@link brine.labels.AskStats.verify|verify} messages.
             * @param message AskStats message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.AskStats.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskStats message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.AskStats & brine.labels.AskStats.$Shape} AskStats
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.AskStats & brine.labels.AskStats.$Shape;

            /**
             * Gets the type url for AskStats
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace AskStats {

            /** Properties of an AskStats. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskStats. */
            type $Shape = brine.labels.AskStats.$Properties;
        }

        /**
         * Properties of a Stats.
         * @deprecated Use brine.labels.Stats.$Properties instead.
         */
        interface IStats extends brine.labels.Stats.$Properties {
        }

        /** Represents a Stats. */
        class Stats {

            /**
             * Constructs a new Stats.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Stats.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Stats teachersAlive. */
            teachersAlive: number;

            /** Stats rowsPerSecond. */
            rowsPerSecond: number;

            /** Stats tokensPerSecond. */
            tokensPerSecond: number;

            /** Stats rowsAhead. */
            rowsAhead: number;

            /** Stats hits. */
            hits: number;

            /** Stats misses. */
            misses: number;

            /** Stats stored. */
            stored: number;

            /** Stats conflicts. */
            conflicts: number;

            /** Stats replay. */
            replay: boolean;

            /**
             * Encodes the specified Stats message. Does not implicitly {@link brine.labels.Stats.verify|verify} messages.
             * @param message Stats message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Stats.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Stats message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Stats & brine.labels.Stats.$Shape} Stats
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Stats & brine.labels.Stats.$Shape;

            /**
             * Gets the type url for Stats
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Stats {

            /** Properties of a Stats. */
            interface $Properties {

                /** Stats teachersAlive */
                teachersAlive?: (number|null);

                /** Stats rowsPerSecond */
                rowsPerSecond?: (number|null);

                /** Stats tokensPerSecond */
                tokensPerSecond?: (number|null);

                /** Stats rowsAhead */
                rowsAhead?: (number|null);

                /** Stats hits */
                hits?: (number|null);

                /** Stats misses */
                misses?: (number|null);

                /** Stats stored */
                stored?: (number|null);

                /** Stats conflicts */
                conflicts?: (number|null);

                /** Stats replay */
                replay?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Stats. */
            type $Shape = brine.labels.Stats.$Properties;
        }

        /**
         * Properties of an Alive.
         * @deprecated Use brine.labels.Alive.$Properties instead.
         */
        interface IAlive extends brine.labels.Alive.$Properties {
        }

        /** Represents an Alive. */
        class Alive {

            /**
             * Constructs a new Alive.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Alive.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Alive message. Does not implicitly {@link brine.labels.Alive.verify|verify} messages.
             * @param message Alive message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Alive.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Alive message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Alive & brine.labels.Alive.$Shape} Alive
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Alive & brine.labels.Alive.$Shape;

            /**
             * Gets the type url for Alive
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Alive {

            /** Properties of an Alive. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Alive. */
            type $Shape = brine.labels.Alive.$Properties;
        }

        /**
         * Properties of a Leave.
         * @deprecated Use brine.labels.Leave.$Properties instead.
         */
        interface ILeave extends brine.labels.Leave.$Properties {
        }

        /** Represents a Leave. */
        class Leave {

            /**
             * Constructs a new Leave.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Leave.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Leave message. Does not implicitly {@link brine.labels.Leave.verify|verify} messages.
             * @param message Leave message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Leave.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Leave message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Leave & brine.labels.Leave.$Shape} Leave
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Leave & brine.labels.Leave.$Shape;

            /**
             * Gets the type url for Leave
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Leave {

            /** Properties of a Leave. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Leave. */
            type $Shape = brine.labels.Leave.$Properties;
        }

        /**
         * Properties of a Bye.
         * @deprecated Use brine.labels.Bye.$Properties instead.
         */
        interface IBye extends brine.labels.Bye.$Properties {
        }

        /** Represents a Bye. */
        class Bye {

            /**
             * Constructs a new Bye.
             * @param [properties] Properties to set
             */
            constructor(properties?: brine.labels.Bye.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Bye message. Does not implicitly {@link brine.labels.Bye.verify|verify} messages.
             * @param message Bye message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: brine.labels.Bye.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Bye message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {brine.labels.Bye & brine.labels.Bye.$Shape} Bye
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): brine.labels.Bye & brine.labels.Bye.$Shape;

            /**
             * Gets the type url for Bye
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Bye {

            /** Properties of a Bye. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Bye. */
            type $Shape = brine.labels.Bye.$Properties;
        }
    }
}
