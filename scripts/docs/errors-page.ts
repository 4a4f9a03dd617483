import { ERROR_CODES } from '../../src/base/error-codes.ts';
import { sentence } from './prose.ts';

const HEAD = `# Error codes

This page answers: what does an error code mean, and what do I do about it?

Every error has a code, a message with the values that matter, and a hint:

    error TOKENIZER_MISMATCH: the teacher runs/slm has the tokenizer 81aa…, the data has 20fe…
    hint: Prepare the data with that tokenizer …

The hint knows the case at hand, so follow it first. Codes are stable: scripts may match on them. With \`--json\`,
the error is one JSON line on standard error: \`{"error":{"code":…,"message":…,"hint":…}}\`. The exit code is 2 for
\`BAD_ARGUMENT\`, 130 for \`CANCELLED\`, and 1 for all others.

[Troubleshooting](troubleshooting.md) starts from symptoms instead.
`;

/** docs/errors.md: every code with its cause and remedy. */
export function errorsPage(): string {
  const entries = Object.entries(ERROR_CODES)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { cause, remedy }]) => `## ${code}\n\n${sentence(cause)}\n\n→ ${sentence(remedy)}\n`);
  return [HEAD, ...entries].join('\n');
}
