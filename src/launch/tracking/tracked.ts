import { asBrineError } from '../../base/errors.ts';
import { Tracker, type TrackerOptions } from './tracker.ts';

/** Does the work of a run, with its metrics and its ending sent to MLflow. Settles as the work does. */
export async function tracked<T>(
  options: Omit<TrackerOptions, 'tracking'> & { readonly tracking: TrackerOptions['tracking'] | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const { tracking } = options;
  if (tracking === undefined) return work();
  const tracker = new Tracker({ ...options, tracking });
  try {
    const result = await work();
    await tracker.end('FINISHED');
    return result;
  } catch (error) {
    await tracker.end(asBrineError(error).code === 'CANCELLED' ? 'KILLED' : 'FAILED');
    throw error;
  }
}
