/** A wall: `from` a folder, `to` anything but its allowed list. */
const wall = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.(test|contract)\\.tsx?$|/fixtures/|\\.integration\\.test\\.ts$' },
  to: {
    path: '^(contracts|monitoring|storage|workers|web|prisma|supervisor|cli|scripts|bench|e2e|test)/',
    pathNot: allowed,
  },
})

/** A package that may be imported only from the named places. */
const onlyIn = (name, packages, places) => ({
  name,
  comment: `${packages} is imported only in ${places}`,
  severity: 'error',
  from: {
    path: '^(contracts|monitoring|storage|workers|web|prisma|supervisor)/',
    pathNot: `${places}|\\.(test|contract|fixture)\\.tsx?$`,
  },
  to: { path: `(^|node_modules/)(${packages})/` },
})

/**
 * The walls of a stair: `rooms` are the rooms of `folder`, lowest first, each with the lower ones that it may import. A room that
 * names one that is not below it ends the check, so the table cannot hold a loop; a room that has no row is a breach. Rooms of
 * `top` import any. `leaves` are files of the folder itself that every room may import; its other files wire the rooms.
 */
function stair(name, folder, rooms, { top = [], leaves = [] } = {}) {
  const names = Object.keys(rooms)
  const below = leaves.length > 0 ? `|(${leaves.join('|')})\\.ts$` : ''
  const walls = names.map((room, step) => {
    const upwards = rooms[room].filter((other) => !names.slice(0, step).includes(other))
    if (upwards.length > 0) throw new Error(`${folder}/${room} may not import ${upwards.join(', ')}: not below it`)
    return {
      name: `${name}-${room}`,
      comment: `${room} imports, of ${folder}, ${rooms[room].length === 0 ? 'no other room' : `only ${rooms[room].join(', ')}`}`,
      severity: 'error',
      from: { path: `^${folder}/${room}/`, pathNot: '\\.(test|contract|fixture)\\.tsx?$|/fixtures/' },
      to: { path: `^${folder}/`, pathNot: `^${folder}/((${[room, ...rooms[room]].join('|')})/${below})` },
    }
  })
  const known = [...names, ...top].join('|')
  const comment = `a room of ${folder} has its row in the table of its stair`
  const from = { path: `^${folder}/[^/]+/`, pathNot: `^${folder}/(${known}|fixtures)/` }
  return [...walls, { name: `${name}-on-the-stair`, comment, severity: 'error', from, to: {} }]
}

module.exports = { wall, onlyIn, stair }
