import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trackingOf } from '../../src/cli/track-option.ts';

test('--track names an MLflow server', () => {
  const tracking = trackingOf({ track: 'mlflow:http://head:5000/' }, {});
  assert.deepEqual(tracking, { server: 'http://head:5000', experiment: 'brine', authorization: undefined });
  assert.equal(trackingOf({ track: 'mlflow:https://host/team/ml' }, {})?.server, 'https://host/team/ml');
  assert.equal(trackingOf({}, {}), undefined);
});

test("credentials and experiment come from the variables of MLflow's clients", () => {
  const track = 'mlflow:http://head:5000';
  const token = { MLFLOW_TRACKING_TOKEN: 'abc', MLFLOW_EXPERIMENT_NAME: 'mine' };
  assert.deepEqual(trackingOf({ track }, token), {
    server: 'http://head:5000',
    experiment: 'mine',
    authorization: 'Bearer abc',
  });
  const user = { ...token, MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'pass' };
  const basic = `Basic ${Buffer.from('me:pass').toString('base64')}`;
  assert.equal(trackingOf({ track }, user)?.authorization, basic);
});

test('other addresses are refused, and credentials in them are not repeated', () => {
  for (const track of [
    'http://head:5000',
    'mlflow:head:5000',
    'mlflow:',
    'wandb:http://head',
    'mlflow:file:///x',
  ])
    assert.throws(() => trackingOf({ track }, {}), { code: 'BAD_ARGUMENT' });
  assert.throws(
    () => trackingOf({ track: 'mlflow:http://me:secret@head:5000' }, {}),
    (error: Error & { code?: string; hint?: string }) =>
      error.code === 'BAD_ARGUMENT' &&
      !error.message.includes('secret') &&
      /MLFLOW_TRACKING/.test(error.hint ?? ''),
  );
});
