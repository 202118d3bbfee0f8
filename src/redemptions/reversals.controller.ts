import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { HasNaturalKey } from '../platform/http/idempotency.interceptor.js';
import {
  reversalRequest,
  type ReversalRequest,
  reversalResponse,
  type ReversalResponse,
  toReversalResponse,
} from './reversals.dto.js';
import { ReverseService } from './reverse.service.js';

@ApiTags('redemptions')
@Controller('v1/reversals')
export class ReversalsController {
  constructor(private readonly reversals: ReverseService) {}

  @Post()
  @Allow('pos')
  @HasNaturalKey()
  @ApiOperation({
    summary: 'Undo an accepted redemption or part of it, in several steps if need be; may arrive before it',
  })
  @ApiCreatedResponse({ standardSchema: reversalResponse })
  async reverse(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Body({ schema: reversalRequest }) body: ReversalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReversalResponse> {
    const reversal = await this.reversals.reverse(principal.partnerId, body);
    if (reversal.replayed) void reply.header('idempotency-replayed', 'true');
    return toReversalResponse(reversal);
  }
}
