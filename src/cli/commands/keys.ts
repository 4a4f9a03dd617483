import { Option, type Command } from 'commander';
import { BrineError } from '../../base/errors.ts';
import { KEY_ROLES, type KeyRole } from '../../security/roles.ts';
import { displayOf, newCommand, type Context } from '../command.ts';

/** brine keys FOLDER: makes the keys that decide which processes may join a run. */
export function keysCommand(context: Context): Command {
  const command = newCommand({
    usage: 'keys <folder>',
    summary:
      'make a CURVE key pair for each role of a run; the public keys in the folder are admitted, and deleting one revokes it',
    example: 'brine keys ~/.brine-keys && brine keys ~/.brine-keys --role teacher --name gpu-7',
  })
    .addOption(new Option('--role <role>', 'only the pair of this role').choices(KEY_ROLES))
    .option('--name <name>', 'make an additional pair of that role with this name')
    .option('--rotate', 'replace the existing pair; its old public key is no longer admitted');
  return command.action(async (folder: string) => {
    const { role, name, rotate = false } = command.opts<{ role?: KeyRole; name?: string; rotate?: true }>();
    if (role === undefined && (name !== undefined || rotate)) {
      throw new BrineError('BAD_ARGUMENT', '--name and --rotate apply to the key of one role', {
        hint: `Add --role with one of ${KEY_ROLES.join(', ')}.`,
      });
    }
    const { writeKeys } = await import('../../security/folder.ts');
    const written = await writeKeys(folder, { ...(role && { roles: [role] }), name, rotate });
    const lines = Object.entries(written).map(([of, path]) => `${of.padEnd(12)}${path}`);
    displayOf(command, context).result(
      { folder, public: written },
      [
        ...lines,
        'Secrets stay with their owners. A machine needs its own secret and the public keys here.',
      ].join('\n'),
    );
  });
}
