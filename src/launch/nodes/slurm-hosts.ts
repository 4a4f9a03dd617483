/**
 * Reads the first host of a Slurm host list (`scontrol show hostnames`): names separated by commas,
 * with numbers and ranges in brackets, such as `rack[0-1]_blade[03-04]-ib,login1`. The first host
 * has the first number of each pair of brackets.
 */

/** Slurm's values for a missing list. */
const NOTHING = /^(\(null\)|none assigned)?$/i;

/** Returns the first host, with leading zeros kept. Undefined when the list is missing or malformed. */
export function firstHost(list: string | undefined): string | undefined {
  const text = list?.trim() ?? '';
  if (NOTHING.test(text)) return undefined;
  // Commas inside brackets do not separate hosts.
  const [, first] = /^((?:[^,[\]\s]|\[[^[\]]*\])+)(?:,|$)/.exec(text) ?? [];
  return first?.replaceAll(/\[([^\]]*)\]/g, (_, inside: string) => firstOf(inside));
}

/** First item of the text in brackets: a number, the start of a range FROM-TO, or a name. */
function firstOf(inside: string): string {
  const [item = ''] = inside.split(',');
  return /^\s*(\d+)\s*-\s*\d+/.exec(item)?.[1] ?? item.trim();
}
