import { Option, type Command } from 'commander';
import { BrineError } from '../base/errors.ts';
import type { Tracking } from '../launch/tracking/mlflow-client.ts';

const SCHEME = 'mlflow:';
const HINT = 'For example: --track mlflow:http://127.0.0.1:5000';

/** Adds --track to a command that trains. */
export function withTrack(command: Command): Command {
  return command.addOption(
    new Option(
      '--track <address>',
      "send parameters, metrics and status of the run to an MLflow server, mlflow:http://HOST:PORT; credentials and experiment are read from MLflow's own environment variables",
    ),
  );
}

/**
 * The server of --track, with the environment variables of MLflow's clients: MLFLOW_EXPERIMENT_NAME, and
 * MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN. Undefined without --track. Throws
 * BAD_ARGUMENT.
 */
export function trackingOf(
  { track }: { track?: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Tracking | undefined {
  if (track === undefined) return undefined;
  return {
    server: serverOf(track),
    experiment: environment['MLFLOW_EXPERIMENT_NAME'] || 'brine',
    authorization: authorizationOf(environment),
  };
}

function serverOf(track: string): string {
  const address = track.startsWith(SCHEME) ? track.slice(SCHEME.length) : undefined;
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new BrineError('BAD_ARGUMENT', `--track ${withoutSecrets(track)} is not mlflow:http://HOST:PORT`, {
      hint: HINT,
    });
  if (url.username !== '' || url.password !== '')
    throw new BrineError('BAD_ARGUMENT', `--track ${withoutSecrets(track)} contains credentials`, {
      hint: 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.',
    });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** MLflow's clients prefer a user name with a password to a token. */
function authorizationOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const [user, password] = [environment['MLFLOW_TRACKING_USERNAME'], environment['MLFLOW_TRACKING_PASSWORD']];
  if (user && password) return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const token = environment['MLFLOW_TRACKING_TOKEN'];
  return token ? `Bearer ${token}` : undefined;
}

/** An address as an error may show it. */
function withoutSecrets(address: string): string {
  return address.replace(/\/\/[^/]*@/, '//…@');
}
