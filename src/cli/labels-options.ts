import { Option } from 'commander';

/** What a run does about labels that are not there, as an option of the commands that start one. */
export function onMissingOption(): Option {
  return new Option(
    '--on-missing <what>',
    'a label that is not there is waited for, or its row is trained on its true ids alone (labels.onMissing)',
  ).choices(['wait', 'plain']);
}

/** The option as a key of the recipe. */
export function onMissingSets({ onMissing }: { onMissing?: string | undefined }): string[] {
  return onMissing === undefined ? [] : [`labels.onMissing=${onMissing}`];
}
