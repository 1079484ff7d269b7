/** Every command of the extension; buttons, menus, the palette and tests go through these. */
export namespace CommandIDs {
  export const showPanel = 'modelmgmt:show-panel';
  export const refresh = 'modelmgmt:refresh';
  export const search = 'modelmgmt:search';
  export const openModel = 'modelmgmt:open-model';
  export const showRuns = 'modelmgmt:show-runs';
  export const endRun = 'modelmgmt:end-run';
  export const register = 'modelmgmt:register';
  export const registerFiles = 'modelmgmt:register-files';
  export const importVersion = 'modelmgmt:import';
  export const clone = 'modelmgmt:clone';
  export const cloneVersion = 'modelmgmt:clone-version';
  export const editVersion = 'modelmgmt:edit-version';
  export const promoteVersion = 'modelmgmt:promote-version';
  export const saveText = 'modelmgmt:save-text';
  export const copyText = 'modelmgmt:copy-text';
  export const copySelector = 'modelmgmt:copy-selector';
  export const downloadVersion = 'modelmgmt:download-version';
  export const compareVersions = 'modelmgmt:compare-versions';
  export const deleteVersion = 'modelmgmt:delete-version';
  export const deleteModel = 'modelmgmt:delete-model';
  export const deployVersion = 'modelmgmt:deploy-version';
  export const testVersion = 'modelmgmt:test-version';
  export const runTests = 'modelmgmt:run-tests';
  export const removeTest = 'modelmgmt:remove-test';
  export const insertCell = 'modelmgmt:insert-cell';
  export const openDeployment = 'modelmgmt:open-deployment';
  export const startDeployment = 'modelmgmt:start-deployment';
  export const stopDeployment = 'modelmgmt:stop-deployment';
  export const deleteDeployment = 'modelmgmt:delete-deployment';
  export const rollbackDeployment = 'modelmgmt:rollback-deployment';
  export const shareDeployment = 'modelmgmt:share-deployment';
  export const addClient = 'modelmgmt:add-client';
  export const removeClient = 'modelmgmt:remove-client';
  export const downloadLogs = 'modelmgmt:download-logs';
  export const showLogs = 'modelmgmt:show-logs';
}
