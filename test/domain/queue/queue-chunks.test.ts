import { beginMove, endMove, endUnbegun } from '../../../src/domain/queue/move-events';
import { pause } from '../../../src/domain/queue/operator-commands';
import { joinQueue, splitQueue } from '../../../src/domain/queue/queue-chunks';
import { EMPTY_QUEUE } from '../../../src/domain/queue/queue-state';
import { NOW, policyOf, queueOf, requestOf } from './queue-fixtures';

describe('a queue that is carried over', () => {
  it('is the same in parts of less than 64 KiB, with a thousand requests of any writing', () => {
    const requests = Array.from({ length: 1_000 }, (_, i) => requestOf(i, { name: '待ち行列'.repeat(20), reason: '過負荷の予測'.repeat(40), zones: ['us-east-1a', 'us-east-1b'], shapes: ['m7i.large'] }));
    let state = pause(queueOf(requests), 'a "quoted" reason', true);
    for (let i = 0; i < 300; i += 1) state = i % 2 === 0 ? beginMove(state, `item-${i}`, NOW) : endUnbegun(state, `item-${i}`, 'cancelled', '不要', NOW);
    for (let i = 0; i < 200; i += 2) state = endMove(state, `item-${i}`, { outcome: 'moved', replacementId: 'i-r', toPool: 'z', reason: '' }, policyOf(), NOW);
    const chunks = splitQueue(state);
    expect(Math.max(...chunks.map((chunk) => Buffer.byteLength(JSON.stringify(chunk))))).toBeLessThan(65_536);
    expect(joinQueue(JSON.parse(JSON.stringify(chunks)) as typeof chunks)).toEqual(state);
  });

  it('is empty where nothing is carried', () => {
    expect(joinQueue([])).toEqual(EMPTY_QUEUE);
    expect(joinQueue(splitQueue(EMPTY_QUEUE))).toEqual(EMPTY_QUEUE);
  });
});
