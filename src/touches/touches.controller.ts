import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { HasNaturalKey } from '../platform/http/idempotency.interceptor.js';
import { RecordTouchesService } from './record-touches.service.js';
import * as dto from './touches.dto.js';

@ApiTags('touches')
@Controller('v1/touches')
export class TouchesController {
  constructor(private readonly recorder: RecordTouchesService) {}

  @Post('batch')
  @Allow('admin', 'marketer', 'pos')
  @HttpCode(200)
  @HasNaturalKey()
  @ApiOperation({
    summary: 'Post up to 1,000 contacts of customers with placements; one result per item, in order',
    description:
      'For the issuer and the redeemer of the offer of each placement, once every participant has approved the campaign.',
  })
  @ApiOkResponse({ standardSchema: dto.touchBatchResponse })
  async recordBatch(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Body({ schema: dto.touchBatchRequest }) body: dto.TouchBatchRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<dto.TouchBatchResponse> {
    const results = await this.recorder.record(principal, body.items.map(dto.parseTouch));
    if (results.every((result) => result.kind === 'stored' && result.replayed))
      void reply.header('idempotency-replayed', 'true');
    return dto.toTouchBatchResponse(results);
  }
}
