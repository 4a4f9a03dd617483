import type { Context } from '../../src/cli/command.ts';
import { openDisplay, type Streams } from '../../src/cli/screen/display.ts';

/** The context of a command that a test runs or inspects in its own process, without signals and environment. */
export function commandContext(streams: Streams): Context {
  return {
    streams,
    openDisplay: (json) => openDisplay(json, streams),
    signal: new AbortController().signal,
    obeys: () => undefined,
    brine: ['brine'],
    environment: {},
    orphaned: () => new Promise(() => undefined),
  };
}
