export const loadLab = () => ({})
