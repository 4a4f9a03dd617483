/** Acquires the lock at the given path, reports that, and keeps the lock until it is killed. */
import { lockFolder } from '../../../src/base/files/folder-lock.ts';

await lockFolder({ path: process.argv[2]!, what: 'the folder', does: 'holds it' });
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
