import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeContention } from './contention-faults.js';
import { Installation } from './installation.js';
import { describeProcessFaults } from './process-faults.js';
import { describeRedisFaults } from './redis-faults.js';
import { size } from './size.js';

describe('an installation in several processes', () => {
  let tandem: Installation;

  beforeAll(async () => {
    const variables = { DRAIN_SECONDS: '3' };
    tandem = await Installation.start({ apis: size(4, 2), workers: 2, variables });
  });

  afterAll(() => tandem?.stop());

  describeProcessFaults(() => tandem);
  describeContention(() => tandem);
  describeRedisFaults(() => tandem);
});
