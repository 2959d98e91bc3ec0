import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest and waits most comes first, so that the short ones fill the end, when a worker may have nothing else to do. */
const layers = ['chaos', 'worker', 'browser', 'stories', 'contract', 'unit']

/** A class because vitest asks for one. Files of a layer stay together, in vitest's own order: the longest of the last run first. */
export class LongestLayersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => layers.indexOf(a.project.name) - layers.indexOf(b.project.name))
  }
}
