import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { etag } from '../platform/http/etag.js';
import { uuid } from '../platform/http/schemas.js';
import { CampaignLifecycleService } from './campaign-lifecycle.service.js';
import { campaignResponse, type CampaignResponse, toCampaignResponse } from './campaign-response.dto.js';
import { type ApprovalBody, approvalRequest } from './campaigns.dto.js';
import type { Campaign } from './domain/campaign.js';

@ApiTags('campaigns')
@Controller('v1/campaigns/:id')
@Allow('operator', 'admin', 'marketer')
export class CampaignLifecycleController {
  constructor(private readonly lifecycle: CampaignLifecycleService) {}

  @Post('approvals')
  @ApiOperation({
    summary: 'Approve the latest version for your company; when all have, it is in force',
    description:
      'Send the version you have read, and the approval is refused when it is not the latest. ' +
      'The operator names the partner for which it approves.',
  })
  @ApiCreatedResponse({ standardSchema: campaignResponse })
  async approve(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Body({ schema: approvalRequest }) body: ApprovalBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignResponse> {
    return answer(reply, await this.lifecycle.approve(principal, id, body));
  }

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take no codes for a while' })
  @ApiOkResponse({ standardSchema: campaignResponse })
  async pause(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignResponse> {
    return answer(reply, await this.lifecycle.pause(principal, id));
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take codes again' })
  @ApiOkResponse({ standardSchema: campaignResponse })
  async resume(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignResponse> {
    return answer(reply, await this.lifecycle.resume(principal, id));
  }

  @Post('end')
  @HttpCode(200)
  @ApiOperation({ summary: 'End the campaign now and for good' })
  @ApiOkResponse({ standardSchema: campaignResponse })
  async end(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignResponse> {
    return answer(reply, await this.lifecycle.end(principal, id));
  }
}

function answer(reply: FastifyReply, campaign: Campaign): CampaignResponse {
  void reply.header('etag', etag(campaign.revision));
  return toCampaignResponse(campaign);
}
