import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../auth/allow.decorator.js';
import { Metrics } from '../metrics/metrics.js';
import { Readiness } from './readiness.js';

const liveResponse = z.object({ status: z.literal('up') });
const readyResponse = z.object({
  status: z.enum(['up', 'degraded', 'down', 'stopping']),
  database: z.enum(['up', 'down']),
  queue: z.enum(['up', 'down']),
});

@ApiTags('operations')
@Controller()
@Public()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process runs', security: [] })
  @ApiOkResponse({ standardSchema: liveResponse })
  live(): z.infer<typeof liveResponse> {
    return { status: 'up' };
  }

  @Get('health/ready')
  @ApiOperation({
    summary:
      'The process can answer: the database with its schema. A queue store that is down is degraded, not unready',
    security: [],
  })
  @ApiOkResponse({ standardSchema: readyResponse })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof readyResponse>> {
    const state = await this.readiness.check();
    if (state.status === 'down' || state.status === 'stopping') void reply.status(503);
    return state;
  }

  @Get('metrics')
  @ApiExcludeEndpoint()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async prometheus(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
