import type { SlaClass } from './queue/move-request';

/** The tag `foreshift:sla`; standard where it says nothing that is known. */
export function slaClassOf(tags: Readonly<Record<string, string>>): SlaClass {
  const said = tags['foreshift:sla'];
  return said === 'critical' || said === 'relaxed' ? said : 'standard';
}
