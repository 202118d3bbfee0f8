import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineJob, jobKey } from './job-contract.js';

const contract = {
  queue: 'attribution',
  name: 'attribute-facts',
  version: 1,
  schema: z.object({ ids: z.array(z.string()) }),
  attempts: 3,
  backoffMs: 0,
  concurrency: 1,
};

describe('a job contract', () => {
  it('is what was written down', () => {
    expect(defineJob(contract)).toEqual(contract);
    expect(jobKey(contract)).toBe('attribution/attribute-facts');
  });

  it.each(['with:colon', 'with{brace}', 'Capital', '1st', ''])('cannot be called "%s"', (name) => {
    expect(() => defineJob({ ...contract, name })).toThrow('is no name');
    expect(() => defineJob({ ...contract, queue: name })).toThrow('is no name');
  });

  it.each([{ attempts: 0 }, { concurrency: 0 }, { version: 1.5 }, { backoffMs: -1 }])(
    'cannot have %o',
    (wrong) => {
      expect(() => defineJob({ ...contract, ...wrong })).toThrow('whole number');
    },
  );
});
