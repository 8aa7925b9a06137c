-- MariaDB dump 10.19
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `trunks`;
CREATE TABLE `trunks` (
  `trunkid` int(11) NOT NULL DEFAULT 0,
  `name` varchar(50) NOT NULL DEFAULT '',
  `tech` varchar(20) NOT NULL,
  `outcid` varchar(40) NOT NULL DEFAULT '',
  `keepcid` varchar(4) DEFAULT 'off',
  `maxchans` varchar(6) DEFAULT '',
  `failscript` varchar(255) NOT NULL DEFAULT '',
  `dialoutprefix` varchar(255) NOT NULL DEFAULT '',
  `channelid` varchar(255) NOT NULL DEFAULT '',
  `usercontext` varchar(255) DEFAULT NULL,
  `provider` varchar(40) DEFAULT NULL,
  `disabled` varchar(4) DEFAULT 'off',
  `continue` varchar(4) DEFAULT 'off',
  PRIMARY KEY (`trunkid`,`tech`,`channelid`)
) ENGINE=InnoDB;
LOCK TABLES `trunks` WRITE;
INSERT INTO `trunks` VALUES
(1,'North; it\'s first','pjsip','2565550100','off','30','','00','north',NULL,'','off','off'),
(2,'South','sip','','off','','','','south','','','off','off'),
(3,'Old','dahdi','','off','','','','g0','','','on','off'),
(4,'Partner','custom','','off','','','','PJSIP/partner/sip:$OUTNUM$@192.0.2.7','','','off','off'),
(5,'Enum','enum','','off','','','','ENUM','','','off','off');
UNLOCK TABLES;
CREATE TABLE `outbound_routes` (
  `route_id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(40) DEFAULT NULL,
  `outcid` varchar(255) DEFAULT NULL,
  `outcid_mode` varchar(20) DEFAULT NULL,
  `password` varchar(80) DEFAULT NULL,
  `emergency_route` varchar(4) DEFAULT NULL,
  `intracompany_route` varchar(4) DEFAULT NULL,
  `mohclass` varchar(80) DEFAULT NULL,
  `time_group_id` int(11) DEFAULT NULL,
  `dest` varchar(255) DEFAULT NULL,
  `timezone` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`route_id`)
);
INSERT INTO `outbound_routes` VALUES
(1,'outside','2565550199','','hush','','','default',NULL,'',NULL),
(2,'emergency','','','','YES','','default',0,'',NULL),
(3,'office','','','','','YES','default',7,'app-blackhole,busy,1','America/Chicago'),
(4,'nowhere','','','','','','default',0,'',NULL);
CREATE TABLE `outbound_route_patterns` (`route_id` int, `match_pattern_prefix` varchar(60), `match_pattern_pass` varchar(60), `match_cid` varchar(60), `prepend_digits` varchar(100));
INSERT INTO `outbound_route_patterns` VALUES (1,'9','.','',''),(1,'','NXXXXXX','','256'),(1,'','1NXXNXXXXXX','',''),
(2,'','911','',''),(2,'9','911','',''),(3,'8','X.','2XX',''),(1,'X','00.','',''),(4,'','4X.','','');
CREATE TABLE `outbound_route_trunks` (`route_id` int, `trunk_id` int, `seq` int);
INSERT INTO `outbound_route_trunks` (`route_id`,`trunk_id`,`seq`) VALUES (1,2,1),(1,1,0),(1,3,2),(2,2,0),(3,4,0),(4,5,0);
INSERT INTO `outbound_route_sequence` (`route_id`,`seq`) VALUES (2,0),(1,1),(3,2),(4,3);
INSERT INTO `timegroups_details` (`id`,`timegroupid`,`time`) VALUES (1,7,'08:00-17:59|mon-fri|*|*'),(2,7,'*|sat|*|*');
INSERT INTO `trunk_dialpatterns` (`trunkid`,`match_pattern_prefix`,`match_pattern_pass`,`prepend_digits`,`seq`) VALUES (2,'','NXXXXXX','256',0);
