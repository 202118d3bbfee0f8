import { DiscoveryService } from '@nestjs/core';
import type { JobContract } from './job-contract.js';

export interface JobContext {
  /** Aborted when the process has to stop before the job is done; the job then runs again elsewhere. */
  readonly signal: AbortSignal;
}

/** A job may run twice (delivery is at least once), so `handle` must have the same effect when repeated. */
export interface JobHandler<P> {
  handle(payload: P, context: JobContext): Promise<void>;
}

export const HandlerMark = DiscoveryService.createDecorator<JobContract<unknown>>();

/** Makes a provider the handler of one job; `JobWorkers` finds it when the application starts. */
export function HandlesJob<P>(contract: JobContract<P>) {
  return (target: new (...args: never[]) => JobHandler<P>): void => {
    HandlerMark(contract)(target);
  };
}
