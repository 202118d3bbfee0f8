import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectCommitted } from '../support/committed-file.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, unknown>; summary?: string }>>;
}

describe('the OpenAPI document', () => {
  let app: TestApp;
  let document: Document;

  beforeAll(async () => {
    app = await testApp();
    document = (await app.operator.get<Document>('/openapi.json')).body;
  });

  afterAll(() => app?.stop());

  it('is the committed one (npm run openapi:update writes it)', () => {
    expectCommitted('openapi.json', `${JSON.stringify(document, null, 2)}\n`);
  });

  it('is version 3.1 and says what every operation is for', () => {
    expect(document.openapi).toBe('3.1.0');
    const silent = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) =>
        operation.summary ? [] : [`${method} ${path}`],
      ),
    );
    expect(silent).toEqual([]);
  });

  it('names a problem document for every operation', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.filter((operation) => !operation.responses['default'])).toEqual([]);
  });

  it('can be read as a page', async () => {
    const page = await app.operator.get('/docs');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('swagger-ui-bundle.js')]);
    expect((await app.operator.get('/docs/swagger-ui-bundle.js')).status).toBe(200);
  });
});
