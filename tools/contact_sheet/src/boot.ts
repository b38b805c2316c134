/** What Grafana's server writes into its page, and its libraries look for when they are loaded: before all others. */
Object.assign(window, { grafanaBootData: { settings: {}, user: {}, navTree: [] } });
