import { Option } from 'commander';

/** Option that sets what a run does about missing labels. */
export function onMissingOption(): Option {
  return new Option(
    '--on-missing <what>',
    'wait for missing labels, or train their rows on the text alone (labels.onMissing)',
  ).choices(['wait', 'plain']);
}

/** The option as a key of the recipe. */
export function onMissingSets({ onMissing }: { onMissing?: string | undefined }): string[] {
  return onMissing === undefined ? [] : [`labels.onMissing=${onMissing}`];
}
