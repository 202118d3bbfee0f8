import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { pickLanguage } from '../kernel/clerk-language.js';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { PartnerPrincipal, Principal } from '../platform/auth/principal.js';
import { DirectRoutes } from '../platform/http/direct-routes.js';
import { HasNaturalKey } from '../platform/http/idempotency.interceptor.js';
import { pageRequest } from '../platform/http/page.js';
import { uuid } from '../platform/http/schemas.js';
import { ApiLockedOut } from './guess-locks.dto.js';
import { inSlices } from './in-slices.js';
import { RedemptionReadModel } from './redemption.read-model.js';
import {
  isReplay,
  mergeResults,
  parseItem,
  toRecordedRedemption,
  toRedemptionResponse,
  toValidationResponse,
} from './redemption-mapping.js';
import * as dto from './redemptions.dto.js';
import { RedeemService } from './redeem.service.js';
import { ValidateService } from './validate.service.js';

@ApiTags('redemptions')
@Controller('v1')
export class RedemptionsController {
  constructor(
    private readonly redeemer: RedeemService,
    private readonly validator: ValidateService,
    private readonly redemptions: RedemptionReadModel,
    direct: DirectRoutes,
  ) {
    direct.add({
      ...{ url: '/v1/redemptions', controller: RedemptionsController, method: this.redeem },
      ...{ body: dto.redemptionRequest, status: 201 },
      answer: (principal, body, request, reply) =>
        this.redeem(principal as PartnerPrincipal, body, reply, request.headers['accept-language']),
    });
  }

  @Post('validations')
  @Allow('pos')
  @HttpCode(200)
  @HasNaturalKey()
  @ApiOperation({ summary: 'Would this redemption be accepted? Changes nothing' })
  @ApiOkResponse({ standardSchema: dto.validationResponse })
  @ApiLockedOut()
  async validate(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Body({ schema: dto.validationRequest }) body: dto.ValidationRequest,
    @Headers('accept-language') language?: string,
  ): Promise<dto.ValidationResponse> {
    return toValidationResponse(await this.validator.validate(principal, body), pickLanguage(language));
  }

  @Post('redemptions')
  @Allow('pos')
  @HasNaturalKey()
  @ApiOperation({ summary: 'Redeem a code. A refusal is a recorded answer, not an HTTP error' })
  @ApiCreatedResponse({ standardSchema: dto.redemptionResponse })
  @ApiLockedOut()
  async redeem(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Body({ schema: dto.redemptionRequest }) body: dto.RedemptionRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('accept-language') language?: string,
  ): Promise<dto.RedemptionResponse> {
    const { redemption, replayed, hint } = await this.redeemer.redeem(principal, body);
    if (replayed) void reply.header('idempotency-replayed', 'true');
    return toRedemptionResponse(redemption, pickLanguage(language), hint);
  }

  @Post('redemptions/batch')
  @Allow('pos')
  @HttpCode(200)
  @HasNaturalKey()
  @ApiOperation({
    summary: 'Redeem up to 1,000 codes, online or offline; one result per item, in order',
    description:
      'Late sales of any number: post them in calls of up to 1,000, several at a time, in any order, and repeat what got no answer. ' +
      'Single posts are decided before batches, and partners take turns. ' +
      '429 `uploads.too-many` with Retry-After: more than 4,000 of your items wait already; post the batch again.',
  })
  @ApiOkResponse({ standardSchema: dto.redemptionBatchResponse })
  @ApiLockedOut()
  async redeemBatch(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Body({ schema: dto.redemptionBatchRequest }) body: dto.RedemptionBatchRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('accept-language') language?: string,
  ): Promise<dto.RedemptionBatchResponse> {
    this.redeemer.assertRoomForUpload(principal, body.items.length);
    const items = await inSlices(body.items, parseItem);
    const results = await this.redeemer.redeemAll(
      principal,
      items.flatMap((item) => item.input ?? []),
    );
    if (isReplay(items, results)) void reply.header('idempotency-replayed', 'true');
    return { results: mergeResults(items, results, pickLanguage(language)) };
  }

  @Get('redemptions')
  @Allow('operator', 'admin', 'marketer', 'finance', 'pos')
  @ApiOperation({
    summary: "The partner's own redemptions; with ?campaign= those of a campaign it takes part in",
  })
  @ApiOkResponse({ standardSchema: dto.redemptionPage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: dto.redemptionQuery }) query: dto.RedemptionQuery,
    @Headers('accept-language') language?: string,
  ) {
    const page = await this.redemptions.list(principal, query, pageRequest(query));
    return { ...page, items: page.items.map((item) => toRecordedRedemption(item, pickLanguage(language))) };
  }

  @Get('redemptions/:id')
  @Allow('operator', 'admin', 'marketer', 'finance', 'pos')
  @ApiOperation({
    summary: 'One redemption; other participants of its campaign see the campaign fields only',
  })
  @ApiOkResponse({ standardSchema: dto.recordedRedemption })
  async find(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Headers('accept-language') language?: string,
  ): Promise<dto.RecordedRedemptionResponse> {
    return toRecordedRedemption(await this.redemptions.find(principal, id), pickLanguage(language));
  }
}
