import { DiscoveryService } from '@nestjs/core';
import { HandlerMark, type JobHandler } from './handles-job.decorator.js';
import { type JobContract, jobKey } from './job-contract.js';

export interface BoundHandler {
  readonly contract: JobContract<unknown>;
  readonly handler: JobHandler<unknown>;
}

/** Handlers by job key; throws when two serve the same job, because a job would then run in whichever was found last. */
export function findHandlers(discovery: DiscoveryService): Map<string, BoundHandler> {
  const found = new Map<string, BoundHandler>();
  for (const provider of discovery.getProviders({ metadataKey: HandlerMark.KEY })) {
    const contract = discovery.getMetadataByDecorator(HandlerMark, provider);
    if (!contract) continue;
    const key = jobKey(contract);
    const other = found.get(key);
    if (other) {
      throw new Error(
        `two handlers serve the job ${key}: ${other.handler.constructor.name} and ${provider.name}`,
      );
    }
    found.set(key, { contract, handler: provider.instance as JobHandler<unknown> });
  }
  return found;
}

/** Throws when a job has no handler: it would be accepted and wait for ever. */
export function requireHandlers(
  contracts: readonly JobContract<unknown>[],
  handlers: ReadonlyMap<string, BoundHandler>,
): void {
  const orphans = contracts.map(jobKey).filter((key) => !handlers.has(key));
  if (orphans.length > 0) throw new Error(`no handler serves the job ${orphans.join(', ')}`);
}
