import type {
  CancelCapacityReservationRequest,
  CapacityReservation,
  CapacityReservationInstancePlatform,
  CreateCapacityReservationRequest,
  CreateCapacityReservationResult,
  DescribeCapacityReservationsRequest,
  DescribeCapacityReservationsResult,
  GetCapacityReservationUsageRequest,
  GetCapacityReservationUsageResult,
  ModifyCapacityReservationRequest,
} from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import { freeInPool, freeInReservation, insufficientCapacity, usersOf } from './capacity';
import { refuseDryRun, type Cloud } from './cloud';
import { checkMayEnd, commitmentView, follow, readCommitment } from './future-reservations';
import { applyFilters, type FilterFields } from './filters';
import { ID_ERRORS, newId } from './ids';
import { checkShape } from './launch-plan';
import { owned } from './owned';
import { pageOf } from './paging';
import type { ReservationRecord } from './records';
import { tagList, tagsFor } from './tags';
import { checkQuota } from './vcpu-quota';

/** On-Demand Capacity Reservations. */
export function reservationOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    CreateCapacityReservation: owned(async (input: CreateCapacityReservationRequest): Promise<CreateCapacityReservationResult> => {
      const create = (): Promise<ReservationRecord> => createReservation(cloud, input);
      const reservation = await (input.DryRun === true ? create() : cloud.tokens.once('CreateCapacityReservation', input, create));
      return { CapacityReservation: reservationView(cloud, reservation) };
    }),

    DescribeCapacityReservations: owned((input: DescribeCapacityReservationsRequest): DescribeCapacityReservationsResult => {
      const all = cloud.visible(cloud.reservations, input.CapacityReservationIds, ID_ERRORS.reservation);
      const { items, nextToken } = pageOf(applyFilters(all, input.Filters, FIELDS), input);
      return { CapacityReservations: items.map((item) => reservationView(cloud, item)), NextToken: nextToken };
    }),

    ModifyCapacityReservation: owned((input: ModifyCapacityReservationRequest) => {
      const reservation = cloud.reservation(input.CapacityReservationId ?? '');
      modify(cloud, reservation, input);
      return { Return: true };
    }),

    CancelCapacityReservation: owned((input: CancelCapacityReservationRequest) => {
      const reservation = cloud.reservation(input.CapacityReservationId ?? '');
      if (!['active', 'pending', 'assessing', 'scheduled', 'delayed'].includes(reservation.state)) throw wrongState(reservation);
      checkMayEnd(reservation);
      refuseDryRun(input);
      end(cloud, reservation, 'cancelled');
      return { Return: true };
    }),

    GetCapacityReservationUsage: owned((input: GetCapacityReservationUsageRequest): GetCapacityReservationUsageResult => {
      const reservation = cloud.reservation(input.CapacityReservationId ?? '');
      const used = usersOf(cloud, reservation).length;
      return {
        CapacityReservationId: reservation.id,
        InstanceType: reservation.shape,
        State: reservation.state,
        TotalInstanceCount: reservation.total,
        AvailableInstanceCount: reservation.state === 'active' ? reservation.total - used : 0,
        InstanceUsages: used === 0 ? [] : [{ AccountId: cloud.deps.accountId, UsedInstanceCount: used }],
      };
    }),
  };
}

const FIELDS: FilterFields<ReservationRecord> = {
  'capacity-reservation-id': (reservation) => reservation.id,
  state: (reservation) => reservation.state,
  'instance-type': (reservation) => reservation.shape,
  'availability-zone': (reservation) => reservation.zone,
  'instance-platform': (reservation) => reservation.platform,
  'instance-match-criteria': (reservation) => reservation.matchCriteria,
  'end-date-type': (reservation) => reservation.endDateType,
  tenancy: (reservation) => reservation.tenancy,
};

async function createReservation(cloud: Cloud, input: CreateCapacityReservationRequest): Promise<ReservationRecord> {
  const zone = input.AvailabilityZone;
  const shape = input.InstanceType ?? '';
  const total = input.InstanceCount ?? 0;
  if (zone === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter AvailabilityZone');
  if (!Number.isInteger(total) || total < 1) throw new AwsError('InvalidParameterValue', `Invalid instance count: ${total}`);
  await checkShape(cloud, shape, undefined);
  const subnets = await cloud.deps.catalogue.subnets();
  if (!subnets.some((subnet) => subnet.zone === zone)) throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
  const endDateType = input.EndDateType ?? 'unlimited';
  const endAtMs = readEnd(endDateType, input.EndDate);
  const commitment = readCommitment(input, cloud.vcpusByShape.get(shape) ?? 0);
  // Nothing may wait between the look at the pool and the record.
  if (commitment === undefined) {
    if (freeInPool(cloud, zone, shape) < total) throw insufficientCapacity(zone, shape);
    checkQuota(cloud, shape, total);
  }
  refuseDryRun(input);
  const reservation: ReservationRecord = {
    id: newId('cr'),
    seq: cloud.nextSeq(),
    createdAtMs: Date.now(),
    tags: tagsFor('capacity-reservation', input.TagSpecifications),
    zone,
    shape,
    total,
    platform: input.InstancePlatform ?? 'Linux/UNIX',
    tenancy: input.Tenancy ?? 'default',
    ebsOptimized: input.EbsOptimized ?? false,
    state: commitment === undefined ? 'pending' : 'assessing',
    matchCriteria: input.InstanceMatchCriteria ?? 'open',
    endDateType,
    endAtMs,
    commitment,
  };
  cloud.reservations.set(reservation.id, reservation);
  if (commitment === undefined) beActiveSoon(cloud, reservation);
  else follow(cloud, reservation, commitment);
  watchEnd(cloud, reservation);
  return reservation;
}

function beActiveSoon(cloud: Cloud, reservation: ReservationRecord): void {
  cloud.timers.after(cloud.deps.delays.reservationPendingMs, () => {
    if (reservation.state === 'pending') reservation.state = 'active';
  });
}

function modify(cloud: Cloud, reservation: ReservationRecord, input: ModifyCapacityReservationRequest): void {
  if (reservation.state !== 'active') throw wrongState(reservation);
  const total = input.InstanceCount ?? reservation.total;
  const used = usersOf(cloud, reservation).length;
  if (total < Math.max(1, used)) {
    throw new AwsError('InvalidParameterValue', `The instance count ${total} is below the ${used} instances that use the reservation`);
  }
  const endDateType = input.EndDateType ?? (input.EndDate === undefined ? reservation.endDateType : 'limited');
  const endAtMs = input.EndDate === undefined && endDateType === 'limited' ? reservation.endAtMs : readEnd(endDateType, input.EndDate);
  const more = total - reservation.total;
  if (more < 0) checkMayEnd(reservation);
  if (more > freeInPool(cloud, reservation.zone, reservation.shape)) throw insufficientCapacity(reservation.zone, reservation.shape);
  refuseDryRun(input);
  Object.assign(reservation, { total, endDateType, endAtMs });
  if (input.InstanceMatchCriteria !== undefined) reservation.matchCriteria = input.InstanceMatchCriteria;
  watchEnd(cloud, reservation);
}

function readEnd(endDateType: string, endDate: Date | undefined): number | undefined {
  if (endDateType === 'unlimited') {
    if (endDate) throw new AwsError('InvalidParameterCombination', 'EndDate cannot be given when EndDateType is unlimited');
    return undefined;
  }
  if (!endDate) throw new AwsError('MissingParameter', 'The request must contain the parameter EndDate');
  if (endDate.getTime() <= Date.now()) throw new AwsError('InvalidParameterValue', 'EndDate must be in the future');
  return endDate.getTime();
}

const LONGEST_TIMER_MS = 2_147_483_647;

function watchEnd(cloud: Cloud, reservation: ReservationRecord): void {
  const { endAtMs } = reservation;
  if (endAtMs === undefined) return;
  cloud.timers.after(Math.min(endAtMs - Date.now(), LONGEST_TIMER_MS), () => {
    if (reservation.endAtMs !== endAtMs || (reservation.state !== 'active' && reservation.state !== 'pending')) return;
    if (Date.now() < endAtMs) watchEnd(cloud, reservation);
    else end(cloud, reservation, 'expired');
  });
}

/** The instances run on, from now on on the pool's own capacity. */
function end(cloud: Cloud, reservation: ReservationRecord, state: 'cancelled' | 'expired'): void {
  for (const instance of usersOf(cloud, reservation)) instance.usedReservationId = undefined;
  reservation.state = state;
}

function wrongState(reservation: ReservationRecord): AwsError {
  return new AwsError('InvalidCapacityReservationState', `The Capacity Reservation '${reservation.id}' is ${reservation.state}`);
}

function reservationView(cloud: Cloud, reservation: ReservationRecord): CapacityReservation {
  const view: CapacityReservation = {
    CapacityReservationId: reservation.id,
    CapacityReservationArn: `arn:aws:ec2:${cloud.deps.region}:${cloud.deps.accountId}:capacity-reservation/${reservation.id}`,
    OwnerId: cloud.deps.accountId,
    InstanceType: reservation.shape,
    InstancePlatform: reservation.platform as CapacityReservationInstancePlatform,
    AvailabilityZone: reservation.zone,
    Tenancy: reservation.tenancy as 'default',
    TotalInstanceCount: reservation.total,
    AvailableInstanceCount: reservation.state === 'active' ? freeInReservation(cloud, reservation) : 0,
    EbsOptimized: reservation.ebsOptimized,
    EphemeralStorage: false,
    State: reservation.state,
    EndDateType: reservation.endDateType,
    InstanceMatchCriteria: reservation.matchCriteria,
    CreateDate: new Date(reservation.createdAtMs),
    StartDate: new Date(reservation.createdAtMs),
    Tags: tagList(reservation.tags),
    ...commitmentView(reservation),
  };
  return reservation.endAtMs === undefined ? view : { ...view, EndDate: new Date(reservation.endAtMs) };
}
