import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'

/** One resource object per process of the lab: exporters group by the object. */
export function createResources(version: string | undefined): (service: string, instance: string) => Resource {
  const known = new Map<string, Resource>()
  return (service, instance) => {
    const resource =
      known.get(instance) ??
      resourceFromAttributes({
        'service.namespace': 'faultline',
        'service.name': service,
        'service.instance.id': instance,
        ...(version === undefined ? {} : { 'service.version': version }),
      })
    known.set(instance, resource)
    return resource
  }
}
