import { join } from 'node:path';
import { packageRoot } from '../../src/base/files/files.ts';

/** The command line of Brine as built from this source. */
export const BRINE = [process.execPath, join(packageRoot(), 'dist', 'src', 'cli', 'main.js')];
