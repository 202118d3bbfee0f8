import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { serveDocsPage } from './docs-page.js';

/** Converts zod to the JSON Schema dialect of OpenAPI 3.1; named schemas become components. */
function convertSchema(schema: unknown, { schemaType }: { schemaType: 'input' | 'output' }) {
  if (!(schema instanceof z.ZodType)) return undefined;
  const {
    $schema: _dialect,
    $defs = {},
    ...converted
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: schemaType,
    unrepresentable: 'any',
  });
  return { schema: converted, components: $defs };
}

/** The contract of the running service. The committed openapi.json is this document; a test compares them. */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Tandem')
    .setDescription(
      'Cross-promotion attribution: codes of several partners, decided exactly, measured and settled.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: tdm_<keyId>_<secret>' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, settings, {
    standardSchemaConverter: convertSchema,
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '')}_${method}`,
  });
  return withProblems(document);
}

/** Every operation may answer with a problem document. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const problem = {
    description: 'A problem document (RFC 9457)',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      if (operation) operation.responses['default'] ??= problem;
    }
  }
  return document;
}

/** `/openapi.json` and, at `/docs`, a page to read and try it. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app), {
    ui: false,
    jsonDocumentUrl: 'openapi.json',
  });
  serveDocsPage(app.getHttpAdapter().getInstance());
}
