import { BrineError } from '../../base/errors.ts';
import type { FromPeer } from '../protocol/messages.ts';
import type { Answers } from './answers.ts';
import type { ModelSource } from './server-types.ts';

/** Serves the files of the teacher's model, if the server has them. */
export class ModelAnswers {
  readonly #model: ModelSource | undefined;
  readonly #endpoint: string;
  readonly #answers: Answers;

  constructor(model: ModelSource | undefined, endpoint: string, answers: Answers) {
    this.#model = model;
    this.#endpoint = endpoint;
    this.#answers = answers;
  }

  /** Answers with the list of files. Throws FILE_MISSING without a model. */
  list(peer: string): void {
    this.#answers.send(peer, { kind: 'model', files: this.#source().files });
  }

  async chunk(peer: string, chunk: Extract<FromPeer, { kind: 'askChunk' }>): Promise<void> {
    const { request } = chunk;
    try {
      const bytes = await this.#source().read(chunk);
      this.#answers.send(peer, { kind: 'chunk', request }, [bytes]);
    } catch (error) {
      this.#answers.fail(peer, request, error);
    }
  }

  #source(): ModelSource {
    if (this.#model) return this.#model;
    throw new BrineError('FILE_MISSING', `the label cache at ${this.#endpoint} serves no model`, {
      hint: 'Give a checkpoint on this machine: brine teacher CHECKPOINT --cache …',
    });
  }
}
