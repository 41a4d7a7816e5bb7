/// A network as a tree, for pictures: each hub with its tunnels, each router at home once.
struct NetworkGroups {
  struct Row {
    /// By their places in the picture.
    var tunnel: Int
    var peer: Int
    var isReference: Bool
  }

  struct Group {
    var router: Int
    var isReference: Bool
    var rows: [Row]
  }

  private(set) var byRegion: [(region: String, groups: [Group])] = []

  init(_ picture: NetworkPicture) {
    let places = Dictionary(picture.routers.indices.map { (picture.routers[$0].name, $0) }) { first, _ in
      first
    }
    var owned: [Int: [(tunnel: Int, peer: Int)]] = [:]
    for (index, tunnel) in picture.tunnels.enumerated() {
      guard let near = places[tunnel.near], let far = places[tunnel.far] else { continue }
      owned[near, default: []].append((index, far))
    }
    var groups: [(region: String, group: Group)] = []
    var atHome: Set<Int> = []
    // Hubs first, so that a hub is never drawn as somebody's branch.
    let hubs = picture.routers.indices.filter { picture.routers[$0].isHub }
    atHome.formUnion(hubs)
    func add(_ router: Int, isReference: Bool) {
      let rows = owned.removeValue(forKey: router) ?? []
      let region = picture.routers[router].region
      groups.append(
        (
          region,
          Group(
            router: router, isReference: isReference,
            rows: rows.map {
              Row(tunnel: $0.tunnel, peer: $0.peer, isReference: !atHome.insert($0.peer).inserted)
            })
        ))
    }
    for hub in hubs { add(hub, isReference: false) }
    for router in picture.routers.indices where !atHome.contains(router) {
      atHome.insert(router)
      add(router, isReference: false)
    }
    // Tunnels that begin at a router which is drawn below another one.
    for router in owned.keys.sorted() { add(router, isReference: true) }
    for region in Set(groups.map(\.region)).sorted() {
      byRegion.append((region, groups.filter { $0.region == region }.map(\.group)))
    }
  }
}
