import type { Principal } from './principal.js';

/** Turns a presented API key into a principal. Implemented by the partners feature; undefined when the key is not good. */
export abstract class PrincipalResolver {
  abstract resolve(apiKey: string): Promise<Principal | undefined>;
}
