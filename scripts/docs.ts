/**
 * npm run -s docs
 * Writes the generated pages of docs/: commands, recipe keys and error codes.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/base/files/files.ts';
import { generatedPages } from './docs/pages.ts';

for (const [name, text] of await generatedPages()) await writeFile(join(packageRoot(), 'docs', name), text);
