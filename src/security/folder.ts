/**
 * Keys in a folder, as docs/security.md describes it: ROLE.secret, ROLE.public, and further pairs of a role as ROLE.NAME.secret and
 * ROLE.NAME.public. Every public key that lies there is admitted; taking its file away revokes it.
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

/** The most bytes that are read of a key file. */
const MOST_KEY_BYTES = 256;
/** The most files of a folder of keys. */
const MOST_FILES = 10_000;

interface KeyFile {
  readonly file: string;
  readonly role: KeyRole;
  readonly name: string | undefined;
  readonly kind: 'public' | 'secret';
}

/**
 * What a process of that role needs from a folder: its secret, and the public keys that are there. Throws FILE_MISSING,
 * KEY_EXPOSED for a secret that others can read, KEY_INVALID for a file that holds no key or a pair that is none.
 */
export async function readSecurity(folder: string, role: KeyRole): Promise<Security> {
  const own = await ownPair(folder, role);
  const { keys, faults, servers } = await readPublic(folder);
  if (faults[0]) throw faults[0];
  const known = Array.from(keys).filter(([, of]) => of === role);
  if (known.length > 0 && !keys.has(own.publicKey)) {
    throw new BrineError(
      'KEY_INVALID',
      `the secret key of ${role} in ${folder} belongs to none of its public keys`,
      {
        hint: `Bring the pair here together, or make a new one with: brine keys ${folder} --role ${role} --rotate`,
      },
    );
  }
  return {
    role,
    own,
    serverKey(of) {
      const key = servers.get(of);
      if (key !== undefined) return key;
      throw missing(join(folder, `${of}.public`), `Bring it here from where brine keys was run.`);
    },
    admitted: async () => (await readPublic(folder)).keys,
  };
}

export interface WriteKeysOptions {
  /** Default: all. */
  readonly roles?: readonly KeyRole[];
  /** Makes a further pair of the role beside ROLE.public. Lower-case letters, digits and dashes. */
  readonly name?: string | undefined;
  /** Replaces the pair that is there, whose public key is then admitted no longer. */
  readonly rotate?: boolean;
}

/**
 * Makes pairs; the public files written, by role. Throws FILE_EXISTS when one is there that was not to be replaced, BAD_ARGUMENT,
 * FILE_UNWRITABLE. Nothing is changed unless all can be written.
 */
export async function writeKeys(
  folder: string,
  { roles = KEY_ROLES, name, rotate = false }: WriteKeysOptions = {},
): Promise<Partial<Record<KeyRole, string>>> {
  if (name !== undefined && !/^[a-z0-9-]{1,64}$/.test(name)) {
    throw new BrineError('BAD_ARGUMENT', `the name ${JSON.stringify(name)} of a key`, {
      hint: 'Use lower-case letters, digits and dashes.',
    });
  }
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw new BrineError('FILE_UNWRITABLE', `cannot make ${folder}: ${messageOf(cause)}`, {
      hint: 'Name a folder that can be written.',
      cause,
    });
  });
  const stems = roles.map((role) => ({ role, stem: name === undefined ? role : `${role}.${name}` }));
  const taken = new Set((await readdir(folder)).map(String));
  const there = stems
    .flatMap(({ stem }) => [`${stem}.secret`, `${stem}.public`])
    .find((file) => taken.has(file));
  if (there !== undefined && !rotate) {
    throw new BrineError('FILE_EXISTS', `${join(folder, there)} is there already`, {
      hint: `Make one pair with --role ROLE --name NAME, or replace one with --role ROLE --rotate. Nothing was changed.`,
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
    await file.chmod(mode); // before the key is in it
    await file.writeFile(`${key}\n`);
  });
}

/** ROLE.secret, or the only ROLE.NAME.secret. */
async function ownPair(folder: string, role: KeyRole): Promise<KeyPair> {
  const secrets = (await keyFiles(folder)).filter((one) => one.role === role && one.kind === 'secret');
  const chosen = secrets.find(({ name }) => name === undefined) ?? secrets[0];
  const hint = `Make keys with: brine keys ${folder}, or bring the files of this role here.`;
  if (!chosen) throw missing(join(folder, `${role}.secret`), hint);
  if (chosen.name !== undefined && secrets.length > 1) {
    throw new BrineError('KEY_INVALID', `${folder} holds ${secrets.length} secrets of a ${role}`, {
      hint: `Leave one of them there, or call one ${role}.secret.`,
    });
  }
  const secretKey = await readKey(join(folder, chosen.file), { secret: true });
  return { secretKey, publicKey: publicKeyOf(secretKey) };
}

interface PublicKeys {
  readonly keys: ReadonlyMap<string, KeyRole>;
  /** Of ROLE.public alone. */
  readonly servers: ReadonlyMap<KeyRole, string>;
  /** Files that hold no key, or one that another role has too: they admit nobody. */
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
      if (!isPublicKey(key)) throw invalid(join(folder, file), 'a key of low order, which protects nothing');
      if (name === undefined) servers.set(role, key);
      if ((keys.get(key) ?? role) !== role) doubled.add(key);
      keys.set(key, role);
    } catch (error) {
      faults.push(error instanceof BrineError ? error : invalid(join(folder, file), messageOf(error)));
    }
  }
  for (const key of doubled) {
    faults.push(invalid(folder, `one public key for two roles, ${key}`));
    keys.delete(key);
  }
  return { keys, servers, faults };
}

async function keyFiles(folder: string): Promise<KeyFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw missing(folder, `Make keys with: brine keys ${folder}`, cause);
  });
  if (names.length > MOST_FILES) throw invalid(folder, `${names.length} files`);
  return names.toSorted().flatMap((file) => {
    const [, role = '', name, kind] = /^([a-z]+)(?:\.([a-z0-9-]+))?\.(public|secret)$/.exec(file) ?? [];
    return isKeyRole(role) ? [{ file, role, name, kind: kind as KeyFile['kind'] }] : [];
  });
}

/** Throws KEY_EXPOSED for a secret that others can read, KEY_INVALID, FILE_MISSING. */
async function readKey(path: string, { secret } = { secret: false }): Promise<string> {
  const file = await openOrdinary(path).catch((cause: unknown) => {
    throw missing(path, 'Check the name and the permissions.', cause);
  });
  try {
    const others = secret ? exposedTo(await file.stat(), thisProcess()) : undefined;
    if (others !== undefined) {
      throw new BrineError('KEY_EXPOSED', `the secret key ${path} can be read by ${others}`, {
        hint: `If nobody has read it: chmod 600 ${path}, or mount it with mode 0400. Else make a new one with brine keys --rotate.`,
      });
    }
    const bytes = Buffer.alloc(MOST_KEY_BYTES);
    const { bytesRead } = await file.read(bytes, 0, MOST_KEY_BYTES, 0);
    const text = bytes.toString('latin1', 0, bytesRead).trimEnd();
    if (!isKey(text)) throw invalid(path, 'no key: 40 characters of Z85 on one line');
    return text;
  } finally {
    await file.close();
  }
}

function missing(path: string, hint: string, cause?: unknown): BrineError {
  return new BrineError('FILE_MISSING', `cannot read ${path}`, { hint, cause });
}

function invalid(path: string, what: string): BrineError {
  return new BrineError('KEY_INVALID', `${path} holds ${what}`, {
    hint: 'Make keys with brine keys; a key belongs to one role.',
  });
}
