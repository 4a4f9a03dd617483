/**
 * Slurm's host lists (`scontrol show hostnames`): names with commas between them, where brackets hold numbers and ranges, such as
 * `rack[0-1]_blade[03-04]-ib,login1`. Only the first host is wanted here, so nothing is expanded: it takes the first number of each
 * pair of brackets.
 */

/** What Slurm writes where there is no list. */
const NOTHING = /^(\(null\)|none assigned)?$/i;

/** The first host of a list; undefined where there is none, or where the text is no list. Zeros in front of numbers stay. */
export function firstHost(list: string | undefined): string | undefined {
  const text = list?.trim() ?? '';
  if (NOTHING.test(text)) return undefined;
  // Commas between hosts are those outside brackets.
  const [, first] = /^((?:[^,[\]\s]|\[[^[\]]*\])+)(?:,|$)/.exec(text) ?? [];
  return first?.replaceAll(/\[([^\]]*)\]/g, (_, inside: string) => firstOf(inside));
}

/** Of the inside of brackets: a number, a range FROM-TO, or names. */
function firstOf(inside: string): string {
  const [item = ''] = inside.split(',');
  return /^\s*(\d+)\s*-\s*\d+/.exec(item)?.[1] ?? item.trim();
}
