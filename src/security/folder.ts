/**
 * Key folders (docs/security.md): ROLE.secret and ROLE.public, and further pairs of a role as ROLE.NAME.secret and
 * ROLE.NAME.public. Every public key in the folder is admitted; removing its file revokes it.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';
import { fillFileWhole } from '../base/files/files.ts';
import { openOrdinary } from '../base/files/ordinary-file.ts';
import { exposedTo, thisProcess } from './exposure.ts';
import { isKey, isPublicKey, newKeyPair, publicKeyOf, type KeyPair } from './keys.ts';
import { KEY_ROLES, isKeyRole, type KeyRole } from './roles.ts';
import type { Security } from './security.ts';

/** Largest number of bytes read from a key file. */
const MAX_KEY_BYTES = 256;
/** Largest number of files in a key folder. */
const MAX_FILES = 10_000;

interface KeyFile {
  readonly file: string;
  readonly role: KeyRole;
  readonly name: string | undefined;
  readonly kind: 'public' | 'secret';
}

/**
 * Reads the secret of a role and all public keys of a folder. Throws FILE_MISSING, KEY_EXPOSED for a secret that other
 * users can read, KEY_INVALID for a file without a key or a secret that matches no public key of the role.
 */
export async function readSecurity(folder: string, role: KeyRole): Promise<Security> {
  const own = await ownPair(folder, role);
  const { keys, faults, servers } = await readPublic(folder);
  if (faults[0]) throw faults[0];
  const known = Array.from(keys).filter(([, of]) => of === role);
  if (known.length > 0 && !keys.has(own.publicKey)) {
    throw new BrineError(
      'KEY_INVALID',
      `the secret key of ${role} in ${folder} matches none of its public keys`,
      {
        hint: `Copy both files of the pair here, or make a new pair with: brine keys ${folder} --role ${role} --rotate`,
      },
    );
  }
  return {
    role,
    own,
    serverKey(of) {
      const key = servers.get(of);
      if (key !== undefined) return key;
      throw missing(join(folder, `${of}.public`), `Copy it from the machine where brine keys was run.`);
    },
    admitted: async () => (await readPublic(folder)).keys,
  };
}

export interface WriteKeysOptions {
  /** Default: all. */
  readonly roles?: readonly KeyRole[];
  /** Name of a further pair of the role beside ROLE.public. Lower-case letters, digits and dashes. */
  readonly name?: string | undefined;
  /** Replaces the existing pair, which revokes its public key. */
  readonly rotate?: boolean;
}

/**
 * Creates key pairs and returns the written public files by role. Throws FILE_EXISTS if a pair exists and `rotate` is
 * not set (nothing is changed then), BAD_ARGUMENT, FILE_UNWRITABLE.
 */
export async function writeKeys(
  folder: string,
  { roles = KEY_ROLES, name, rotate = false }: WriteKeysOptions = {},
): Promise<Partial<Record<KeyRole, string>>> {
  if (name !== undefined && !/^[a-z0-9-]{1,64}$/.test(name)) {
    throw new BrineError('BAD_ARGUMENT', `invalid key name ${JSON.stringify(name)}`, {
      hint: 'Use lower-case letters, digits and dashes.',
    });
  }
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw new BrineError('FILE_UNWRITABLE', `cannot create ${folder}: ${messageOf(cause)}`, {
      hint: 'Name a writable folder.',
      cause,
    });
  });
  const stems = roles.map((role) => ({ role, stem: name === undefined ? role : `${role}.${name}` }));
  const taken = new Set((await readdir(folder)).map(String));
  const existing = stems
    .flatMap(({ stem }) => [`${stem}.secret`, `${stem}.public`])
    .find((file) => taken.has(file));
  if (existing !== undefined && !rotate) {
    throw new BrineError('FILE_EXISTS', `${join(folder, existing)} already exists`, {
      hint: `Add a pair with --role ROLE --name NAME, or replace one with --role ROLE --rotate. Nothing was changed.`,
    });
  }
  const written: Partial<Record<KeyRole, string>> = {};
  for (const { role, stem } of stems) {
    const { publicKey, secretKey } = newKeyPair();
    await writeKey(join(folder, `${stem}.secret`), secretKey, 0o600);
    await writeKey(join(folder, `${stem}.public`), publicKey, 0o644);
    written[role] = join(folder, `${stem}.public`);
  }
  return written;
}

function writeKey(path: string, key: string, mode: number): Promise<void> {
  return fillFileWhole(path, async (file) => {
    await file.chmod(mode); // before the key is written
    await file.writeFile(`${key}\n`);
  });
}

/** The pair of ROLE.secret, or of the only ROLE.NAME.secret. */
async function ownPair(folder: string, role: KeyRole): Promise<KeyPair> {
  const secrets = (await keyFiles(folder)).filter((file) => file.role === role && file.kind === 'secret');
  const chosen = secrets.find(({ name }) => name === undefined) ?? secrets[0];
  const hint = `Make keys with: brine keys ${folder}, or copy the files of this role here.`;
  if (!chosen) throw missing(join(folder, `${role}.secret`), hint);
  if (chosen.name !== undefined && secrets.length > 1) {
    throw new BrineError('KEY_INVALID', `${folder} contains ${secrets.length} secrets of role ${role}`, {
      hint: `Keep only one of them, or rename one to ${role}.secret.`,
    });
  }
  const secretKey = await readKey(join(folder, chosen.file), { secret: true });
  return { secretKey, publicKey: publicKeyOf(secretKey) };
}

interface PublicKeys {
  readonly keys: ReadonlyMap<string, KeyRole>;
  /** Keys of the ROLE.public files, by role. */
  readonly servers: ReadonlyMap<KeyRole, string>;
  /** One error for each file without a valid key, and for each key of two roles; neither is admitted. */
  readonly faults: readonly BrineError[];
}

async function readPublic(folder: string): Promise<PublicKeys> {
  const keys = new Map<string, KeyRole>();
  const servers = new Map<KeyRole, string>();
  const faults: BrineError[] = [];
  const doubled = new Set<string>();
  for (const { file, role, name, kind } of await keyFiles(folder)) {
    if (kind !== 'public') continue;
    try {
      const key = await readKey(join(folder, file));
      if (!isPublicKey(key)) throw invalid(join(folder, file), 'a low-order key, which gives no protection');
      if (name === undefined) servers.set(role, key);
      if ((keys.get(key) ?? role) !== role) doubled.add(key);
      keys.set(key, role);
    } catch (error) {
      faults.push(error instanceof BrineError ? error : invalid(join(folder, file), messageOf(error)));
    }
  }
  for (const key of doubled) {
    faults.push(invalid(folder, `the same public key for two roles: ${key}`));
    keys.delete(key);
  }
  return { keys, servers, faults };
}

async function keyFiles(folder: string): Promise<KeyFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw missing(folder, `Make keys with: brine keys ${folder}`, cause);
  });
  if (names.length > MAX_FILES) throw invalid(folder, `${names.length} files; the limit is ${MAX_FILES}`);
  return names.toSorted().flatMap((file) => {
    const [, role = '', name, kind] = /^([a-z]+)(?:\.([a-z0-9-]+))?\.(public|secret)$/.exec(file) ?? [];
    return isKeyRole(role) ? [{ file, role, name, kind: kind as KeyFile['kind'] }] : [];
  });
}

/** Reads a key file. Throws KEY_EXPOSED for a secret that other users can read, KEY_INVALID, FILE_MISSING. */
async function readKey(path: string, { secret } = { secret: false }): Promise<string> {
  const file = await openOrdinary(path).catch((cause: unknown) => {
    throw missing(path, 'Check the name and the permissions.', cause);
  });
  try {
    const others = secret ? exposedTo(await file.stat(), thisProcess()) : undefined;
    if (others !== undefined) {
      throw new BrineError('KEY_EXPOSED', `the secret key ${path} is accessible to ${others}`, {
        hint: `If nobody has read it, run chmod 600 ${path} or mount it with mode 0400. Otherwise make a new pair with brine keys --rotate.`,
      });
    }
    const bytes = Buffer.alloc(MAX_KEY_BYTES);
    const { bytesRead } = await file.read(bytes, 0, MAX_KEY_BYTES, 0);
    const text = bytes.toString('latin1', 0, bytesRead).trimEnd();
    if (!isKey(text)) throw invalid(path, 'no key (40 characters of Z85 on one line)');
    return text;
  } finally {
    await file.close();
  }
}

function missing(path: string, hint: string, cause?: unknown): BrineError {
  return new BrineError('FILE_MISSING', `cannot read ${path}`, { hint, cause });
}

function invalid(path: string, what: string): BrineError {
  return new BrineError('KEY_INVALID', `${path} contains ${what}`, {
    hint: 'Make keys with brine keys. A key belongs to one role.',
  });
}
