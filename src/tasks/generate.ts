import { Random } from '../base/random.ts';
import { scoped } from '../base/scope.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import { readFolderTokenizer } from './folder-tokenizer.ts';
import { openNextToken } from './next-token.ts';
import { sampleToken, type SamplingOptions } from './sampling.ts';
import { TextStream } from './text-stream.ts';
import { paddingNote } from '../inputs/vocabulary.ts';

/**
 * Options of `brine generate`, which samples text from a checkpoint or an exported model, one token
 * at a time.
 */
export interface GenerateOptions extends SamplingOptions {
  /** A run folder, RUN@STEP, or a folder with a model and its tokenizer.json. */
  readonly checkpoint: string;
  readonly prompt: string;
  /** Maximum number of tokens to add. Generation stops earlier at an end-of-text token. */
  readonly tokens: number;
  readonly seed: number;
  readonly threads: number;
  /** Called with the prompt and then with each new piece of text. */
  readonly stream?: ((piece: string) => void) | undefined;
  /** Aborting it ends generation; the text so far is returned. */
  readonly signal?: AbortSignal;
  /** Called with a note if the model's head is padded. */
  readonly note?: ((text: string) => void) | undefined;
}

export interface Generated {
  readonly checkpoint: string;
  readonly prompt: string;
  /** Prompt and continuation. */
  readonly text: string;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Whether the signal ended generation. */
  readonly stopped: boolean;
}

/**
 * Generates text. Throws FILE_MISSING, FILE_DAMAGED, CHECKPOINT_DAMAGED, TOKENIZER_INVALID, and as
 * openNextToken.
 */
export function generateText(options: GenerateOptions): Promise<Generated> {
  return scoped(async (scope) => {
    const { prompt, threads, signal } = options;
    const folder = await findCheckpoint(options.checkpoint);
    const tokenizer = await readFolderTokenizer(folder);
    const ids = [tokenizer.endOfText, ...(await tokenizer.encode(prompt))];
    const first = ids.length;
    const most = first + options.tokens;
    const { vocabularySize: vocabulary } = tokenizer;
    const model = scope.use(await openNextToken({ folder, vocabulary, most, threads }));
    const padding = paddingNote(model.known, vocabulary);
    if (padding !== undefined) options.note?.(padding);
    const random = new Random(options.seed);
    const text = await TextStream.after((some) => tokenizer.decode(some), ids.slice(1));
    const emit = (piece: string) => (piece === '' ? undefined : options.stream?.(piece));
    const promptText = await tokenizer.decode(ids.slice(1));
    const began = performance.now();
    while (ids.length < most) {
      if (signal?.aborted) break;
      const id = sampleToken(await model.logits(ids), options, random);
      if (ids.length === first) emit(promptText); // only after the model has run without an error
      if (id === tokenizer.endOfText) break;
      ids.push(id);
      emit(await text.push(id));
      await new Promise(setImmediate); // lets signal handlers run between two tokens
    }
    emit(await text.end());
    const tokens = ids.length - first;
    return {
      checkpoint: folder,
      prompt,
      text: await tokenizer.decode(ids.slice(1)),
      tokens,
      tokensPerSecond: (tokens * 1000) / Math.max(1, performance.now() - began),
      stopped: signal?.aborted === true,
    };
  });
}
