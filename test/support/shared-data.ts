import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A folder of data that is not part of the project: it lies beside it where it is there at all. Undefined when it is absent, unless
 * TANDEM_REQUIRE_SHARED=1 insists on it; then reading it fails.
 */
export function findSharedData(name: string): string | undefined {
  const folder = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
  return existsSync(folder) || process.env['TANDEM_REQUIRE_SHARED'] === '1' ? folder : undefined;
}
