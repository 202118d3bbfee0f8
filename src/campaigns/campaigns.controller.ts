import { Body, Controller, Get, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { etag, expectedRevision } from '../platform/http/etag.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import { AmendCampaignService } from './amend-campaign.service.js';
import {
  campaignPage,
  type CampaignPage,
  campaignResponse,
  type CampaignResponse,
  toCampaignPage,
  toCampaignResponse,
} from './campaign-response.dto.js';
import {
  createCampaignRequest,
  type CreateCampaignRequest,
  patchCampaignRequest,
  type PatchCampaignRequest,
  toAgreementChanges,
  toProposedAgreement,
} from './campaigns.dto.js';
import { CampaignsService } from './campaigns.service.js';

@ApiTags('campaigns')
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly campaigns: CampaignsService,
    private readonly amendments: AmendCampaignService,
  ) {}

  @Post()
  @Allow('operator', 'admin', 'marketer')
  @ApiOperation({ summary: 'Propose a campaign: a draft until every participant has approved it' })
  @ApiCreatedResponse({ standardSchema: campaignResponse })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: createCampaignRequest }) body: CreateCampaignRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignResponse> {
    const campaign = await this.campaigns.create(principal, toProposedAgreement(body));
    void reply.header('etag', etag(campaign.revision));
    return toCampaignResponse(campaign);
  }

  @Get()
  @Allow('operator', 'admin', 'marketer', 'finance')
  @ApiOperation({ summary: 'List the campaigns you take part in, without their offers' })
  @ApiOkResponse({ standardSchema: campaignPage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<CampaignPage> {
    return toCampaignPage(await this.campaigns.list(principal, pageRequest(query)));
  }

  @Get(':id')
  @Allow('operator', 'admin', 'marketer', 'finance')
  @ApiOperation({ summary: 'Read a campaign with the latest version of its terms' })
  @ApiOkResponse({ standardSchema: campaignResponse })
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignResponse> {
    const campaign = await this.campaigns.get(principal, id);
    void reply.header('etag', etag(campaign.revision));
    return toCampaignResponse(campaign);
  }

  @Patch(':id')
  @Allow('operator', 'admin', 'marketer')
  @ApiOperation({
    summary: 'Change a campaign you lead; all but the name makes a new version, to be approved again',
    description:
      'An absent field stays, null clears. An offer with an id is changed, one without is added; none is removed. ' +
      'Participants are added or get another role, while the campaign is a draft.',
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of the state that is being changed' })
  @ApiOkResponse({ standardSchema: campaignResponse })
  async amend(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: patchCampaignRequest }) body: PatchCampaignRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignResponse> {
    const changes = toAgreementChanges(body);
    const campaign = await this.amendments.amend(principal, id, expectedRevision(ifMatch), changes);
    void reply.header('etag', etag(campaign.revision));
    return toCampaignResponse(campaign);
  }
}
